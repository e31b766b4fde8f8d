#!/usr/bin/env node
import { endAtBrokenOutput, processIo } from "./io.ts";
import { run } from "./run.ts";

endAtBrokenOutput(process);
process.exitCode = await run(process.argv.slice(2), processIo());
