/**
 * Matrix products. Two-dimensional ones become Gemm, whose transposed forms cost nothing; batched ones
 * MatMul, into which ONNX Runtime folds the transposes.
 */
import { apply, refuse, type Operator, type Value } from "../graph.ts";
import { sameShape, sizeOf, type Shape } from "../shape.ts";

interface Transposed {
  readonly a: boolean;
  readonly b: boolean;
}

/** Rows, columns of a matrix after its transposition. */
function face(shape: Shape, transposed: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}

const matmulOperator: Operator<Transposed> = {
  name: "matmul",
  shape([a, b], transposed) {
    if (a!.length < 2 || a!.length !== b!.length || !sameShape(a!.slice(0, -2), b!.slice(0, -2)))
      refuse("both need the same leading dimensions before their matrices");
    const [rows, inner] = face(a!, transposed.a);
    const [inner2, columns] = face(b!, transposed.b);
    if (inner !== inner2) refuse(`${inner} columns meet ${inner2} rows`);
    return [...a!.slice(0, -2), rows, columns];
  },
  emit(emitter, [a, b], transposed, node) {
    const rank = node.shape.length;
    if (rank === 2) {
      const flags = { transA: transposed.a ? 1 : 0, transB: transposed.b ? 1 : 0 };
      return emitter.node("Gemm", [a!, b!], flags);
    }
    const perm = Array.from({ length: rank }, (_, axis) => axis);
    [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
    const turn = (name: string, turned: boolean): string =>
      turned ? emitter.node("Transpose", [name], { perm }) : name;
    return emitter.node("MatMul", [turn(a!, transposed.a), turn(b!, transposed.b)]);
  },
  gradient(dy, { inputs: [a, b] }, transposed, wanted) {
    const toA = (): Value =>
      transposed.a
        ? matmul(b!, dy, { a: transposed.b, b: true })
        : matmul(dy, b!, { b: !transposed.b });
    const toB = (): Value =>
      transposed.b
        ? matmul(dy, a!, { a: true, b: transposed.a })
        : matmul(a!, dy, { a: !transposed.a });
    return [wanted[0] === true ? toA() : undefined, wanted[1] === true ? toB() : undefined];
  },
  run([a, b], transposed, shape) {
    const [rows, columns] = shape.slice(-2) as [number, number];
    const inner = face(a!.shape, transposed.a)[1];
    const result = new Float64Array(sizeOf(shape));
    const [aRow, aColumn] = transposed.a ? [1, rows] : [inner, 1];
    const [bRow, bColumn] = transposed.b ? [1, inner] : [columns, 1];
    for (let m = 0; m < sizeOf(shape.slice(0, -2)); m++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          let total = 0;
          for (let k = 0; k < inner; k++)
            total +=
              a!.data[m * rows * inner + i * aRow + k * aColumn]! *
              b!.data[m * inner * columns + k * bRow + j * bColumn]!;
          result[(m * rows + i) * columns + j] = total;
        }
    return result;
  },
};

/** (…, rows, inner) × (…, inner, columns); leading dimensions equal; `transposed` reads a or b turned. */
export function matmul(a: Value, b: Value, transposed: Partial<Transposed> = {}): Value {
  return apply(matmulOperator, [a, b], { a: transposed.a ?? false, b: transposed.b ?? false });
}
