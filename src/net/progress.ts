/** How far a run is, and how that reads on one line. */
import type { HistoryEntry } from "./checkpoint.ts";

/** How far a training is. */
export interface Progress {
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  readonly steps: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly samplesPerSecond: number;
  readonly secondsLeft: number;
  /** Share of the time spent waiting for batches and noise. */
  readonly dataShare: number;
  /** Set at the end of an epoch. */
  readonly entry?: HistoryEntry;
}

/** A line on the progress of a training: "epoch 3/40 ━━━━━─────  48 %  loss 0.1234  812 samples/s  3:12 left" */
export function progressLine(progress: Progress, width = 20): string {
  const { epoch, epochs, step, steps, metrics, samplesPerSecond, secondsLeft } = progress;
  const share = step / Math.max(steps, 1);
  const full = Math.round(share * width);
  const bar = "━".repeat(full) + "─".repeat(width - full);
  const seconds = Math.round(secondsLeft);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (n: number): string => String(n).padStart(2, "0");
  const left =
    hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  const loss = (metrics["loss"] ?? NaN).toPrecision(4);
  const percent = String(Math.round(100 * share)).padStart(3);
  return `epoch ${epoch}/${epochs} ${bar} ${percent} %  loss ${loss}  ${Math.round(samplesPerSecond)} samples/s  ${left} left`;
}
