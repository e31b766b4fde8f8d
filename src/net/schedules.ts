/** Schedules: functions of the place in the run, fed as scalars, so none of them rebuilds a graph. */

/** The place of a step: `progress` from 0 at the first to 1 at the last, `epoch` with its fraction. */
export interface Place {
  readonly step: number;
  readonly epoch: number;
  readonly progress: number;
}

export type Schedule = (at: Place) => number;

export interface WarmCosine {
  readonly peak: number;
  /** Share of the run in which the value climbs from 0 to the peak, default none. */
  readonly warmUp?: number;
  /** Value at the end, default 0. */
  readonly floor?: number;
}

/** A schedule: linear warm-up, then half a cosine down to the floor (Loshchilov & Hutter 2017). */
export function cosine({ peak, warmUp = 0, floor = 0 }: WarmCosine): Schedule {
  return ({ progress }) => {
    if (progress < warmUp) return (peak * progress) / warmUp;
    const share = (progress - warmUp) / Math.max(1 - warmUp, 1e-12);
    return floor + 0.5 * (peak - floor) * (1 + Math.cos(Math.PI * Math.min(share, 1)));
  };
}

/** A schedule in steps: `start` times `factor` for every `every` epochs passed. */
export function stepDecay(start: number, factor: number, every: number): Schedule {
  return ({ epoch }) => start * factor ** Math.floor(epoch / every);
}

/** A schedule from one value to another over a share of the run, then constant (KL weights). */
export function ramp(from: number, to: number, share: number): Schedule {
  return ({ progress }) => from + (to - from) * Math.min(progress / share, 1);
}
