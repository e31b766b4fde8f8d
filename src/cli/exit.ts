/** Exit codes of the process: 0 well, 2 wrong use, 3 when any input failed or an output could not be written, 1 only for a bug of ours. */
export const EXIT = { well: 0, bug: 1, wrongUse: 2, inputFailed: 3 } as const;

/** How a command that ran says what the process ends with. */
export type SetExit = (code: number) => void;
