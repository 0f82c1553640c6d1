/** The innermost reason of a failed request: `fetch` itself only says that it failed. */
export function messageOfCause(error: unknown): string {
  let reason = error;
  while (reason instanceof Error && reason.cause instanceof Error) reason = reason.cause;
  return reason instanceof Error ? reason.message : String(reason);
}
