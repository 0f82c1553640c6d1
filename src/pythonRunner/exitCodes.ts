/** With what the process ends by itself, besides 0. The server has a sentence for each. */
export const exitCodes = {
  /** Something used a way out that is closed. */
  forbidden: 70,
  /** `os._exit`, `os.abort` and the like. */
  ended: 71,
  /** The interpreter failed: WebAssembly's stack or memory was used up, or it trapped. */
  failed: 72,
  /** The Python part that answers requests does not work any more. */
  broken: 73,
  /** The interpreter could not be started. */
  noStart: 74,
} as const;
