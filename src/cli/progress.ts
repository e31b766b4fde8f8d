/** One line on stderr that a person watches; silent where nobody does. */
import type { Io } from "./io.ts";

/** Redrawing faster than the eye only costs time. */
const REDRAW_MS = 100;
const BAR_WIDTH = 24;

export interface Progress {
  /** `inputs` more are done, of which `failed` failed. */
  step(inputs: number, failed: number): void;
  /** Clears the line, so that what is printed next starts on a clean one. */
  clear(): void;
}

export function createProgress(io: Io, label: string, total: number): Progress {
  const start = performance.now();
  let done = 0;
  let failures = 0;
  let drawn = 0;
  if (!io.interactive || total < 2) return { step: () => {}, clear: () => {} };
  function draw(now: number): void {
    const seconds = (now - start) / 1000;
    const rate = done / Math.max(seconds, 1e-3);
    const bar = barOf(done / total);
    const left = formatSeconds((total - done) / rate);
    const failed = failures === 0 ? "" : `, ${failures} failed`;
    const line = `${label} ${bar} ${done}/${total} (${rate.toFixed(rate < 10 ? 1 : 0)}/s, ${left} left${failed})`;
    io.stderr(`\r\u001B[K${line.slice(0, io.columns - 1)}`);
  }
  return {
    step(inputs, failed) {
      done += inputs;
      failures += failed;
      const now = performance.now();
      if (now - drawn < REDRAW_MS) return;
      drawn = now;
      draw(now);
    },
    clear() {
      if (drawn > 0) io.stderr("\r\u001B[K");
    },
  };
}

function barOf(fraction: number): string {
  const filled = Math.round(Math.min(1, fraction) * BAR_WIDTH);
  return `[${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)}]`;
}

function formatSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
