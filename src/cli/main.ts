#!/usr/bin/env node
import { processIo } from "./io.ts";
import { run } from "./run.ts";

// `ewald … | head` closes the pipe early: that is a wish, not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), processIo());
