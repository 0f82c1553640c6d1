/** A refusal in terms of HTTP; the error middleware answers it as `{error, detail}`. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly status: number,
    message: string,
    readonly detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/**
 * The one answer to a wrong address and to a missing or wrong token: telling them apart would tell
 * what exists. Not 401/403, which would make VS Code look for an OAuth server.
 */
export function notFound(): HttpError {
  return new HttpError(404, 'Not found', 'No such address, or its token is missing or wrong.');
}
