/** The worked example of docs/net.md, run as it stands there. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as net from "../../src/net/index.ts";

test("the ten lines of docs/net.md learn", async () => {
  const page = readFileSync(new URL("../../docs/net.md", import.meta.url), "utf8");
  const block = /```js\nimport \{([^}]*)\} from "ewald\/net";\n([\s\S]*?)```/.exec(page)!;
  const [, names, code] = block;
  for (const name of names!.split(",")) expect(net).toHaveProperty(name.trim());
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
    ...parts: string[]
  ) => (library: typeof net) => Promise<net.FitResult>;
  const example = new AsyncFunction("net", `const {${names}} = net;\n${code}\nreturn result;`);
  const { history, best } = await example(net);
  expect(history).toHaveLength(10);
  expect(history.at(-1)!.train["accuracy"]).toBeGreaterThan(0.98);
  expect([...best.keys()]).toEqual(["dense/weight", "dense/bias", "dense2/weight", "dense2/bias"]);
});
