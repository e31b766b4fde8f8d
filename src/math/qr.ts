/** Householder QR of tall dense matrices for least squares (Golub & Van Loan, Matrix Computations, 5.2). */

/** QR of the columns chosen, each divided by its scale. */
export interface QrFactors {
  readonly columnCount: number;
  /** Upper triangle, row-major n × n. */
  readonly r: Float64Array;
  /** First n entries of Qᵀb. */
  readonly qtb: Float64Array;
  /** Divisor of each chosen column. */
  readonly scale: Float64Array;
}

/** Below this fraction of the largest diagonal element of R a column depends on the others. */
const DEPENDENT = 1e-12;

/**
 * @param matrix row-major (row, column), left as it is
 * @param b one number per row
 * @param columns which columns to take
 * @param scale one divisor per column of the matrix, 0 counts as 1
 */
export function qrFactorise(
  matrix: Float64Array,
  b: Float64Array,
  columns: readonly number[],
  scale: Float64Array,
): QrFactors {
  const rows = b.length;
  const width = scale.length;
  const n = columns.length;
  const divisors = Float64Array.from(columns, (j) => scale[j]! || 1);
  // Column-major: the inner loops below run along columns.
  const work = new Float64Array(rows * n);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < rows; i++) {
      work[k * rows + i] = matrix[i * width + columns[k]!]! / divisors[k]!;
    }
  }
  const rhs = b.slice();
  reduce(work, rhs, rows, n);
  const r = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let k = i; k < n; k++) r[i * n + k] = work[k * rows + i]!;
  return { columnCount: n, r, qtb: rhs.slice(0, n), scale: divisors };
}

/** Householder reflections in place: the upper triangle of `work` (column-major) becomes R, `rhs` Qᵀ rhs. */
function reduce(work: Float64Array, rhs: Float64Array, rows: number, n: number): void {
  for (let k = 0; k < n; k++) {
    const column = k * rows;
    let square = 0;
    for (let i = k; i < rows; i++) square += work[column + i]! ** 2;
    if (square === 0) continue;
    const diagonal = work[column + k]!;
    const alpha = diagonal > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    // v = x − α e₁ stands in the column; |v|² / 2 = α² − α x₁.
    work[column + k] = diagonal - alpha;
    const half = square - alpha * diagonal;
    for (let other = k + 1; other < n; other++) {
      const start = other * rows;
      let sum = 0;
      for (let i = k; i < rows; i++) sum += work[column + i]! * work[start + i]!;
      const factor = sum / half;
      for (let i = k; i < rows; i++) work[start + i]! -= factor * work[column + i]!;
    }
    let sum = 0;
    for (let i = k; i < rows; i++) sum += work[column + i]! * rhs[i]!;
    const factor = sum / half;
    for (let i = k; i < rows; i++) rhs[i]! -= factor * work[column + i]!;
    work[column + k] = alpha;
  }
}

/** Minimiser s of |A s + b|² + damping · |D s|², D the scale; in the units of the parameters. */
export function solveDamped(
  { columnCount: n, r, qtb, scale }: QrFactors,
  damping: number,
): Float64Array {
  const rows = 2 * n;
  const work = new Float64Array(rows * n);
  const rhs = new Float64Array(rows);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i <= k; i++) work[k * rows + i] = r[i * n + k]!;
    work[k * rows + n + k] = Math.sqrt(damping);
    rhs[k] = -qtb[k]!;
  }
  reduce(work, rhs, rows, n);
  const step = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rhs[i]!;
    for (let k = i + 1; k < n; k++) sum -= work[k * rows + i]! * step[k]!;
    const diagonal = work[i * rows + i]!;
    step[i] = diagonal === 0 ? 0 : sum / diagonal;
  }
  return step.map((value, k) => value / scale[k]!);
}

/** (AᵀA)⁻¹ of the unscaled columns, row-major; `null` where columns depend on each other. */
export function invertNormalMatrix({ columnCount: n, r, scale }: QrFactors): Float64Array | null {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(r[i * n + i]!));
  const inverse = new Float64Array(n * n); // of R, upper triangle
  for (let i = 0; i < n; i++) {
    if (Math.abs(r[i * n + i]!) <= DEPENDENT * largest) return null;
    inverse[i * n + i] = 1 / r[i * n + i]!;
  }
  for (let k = 1; k < n; k++) {
    for (let i = k - 1; i >= 0; i--) {
      let sum = 0;
      for (let m = i + 1; m <= k; m++) sum += r[i * n + m]! * inverse[m * n + k]!;
      inverse[i * n + k] = -sum / r[i * n + i]!;
    }
  }
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      let sum = 0;
      for (let m = Math.max(i, k); m < n; m++) sum += inverse[i * n + m]! * inverse[k * n + m]!;
      product[i * n + k] = sum / (scale[i]! * scale[k]!);
    }
  }
  return product;
}
