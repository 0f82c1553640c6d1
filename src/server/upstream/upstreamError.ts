/** Why no answer could be had from an upstream. */
export type UpstreamErrorCode =
  | 'unknown_server'
  | 'disabled'
  | 'locked'
  | 'auth_required'
  | 'start_failed'
  | 'unreachable'
  | 'crashed'
  | 'timeout'
  | 'too_large'
  | 'protocol'
  | 'closed';

/** No answer from an upstream. The message names the server, the cause and what to do; it holds no secret. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';

  constructor(
    readonly code: UpstreamErrorCode,
    readonly serverName: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Nobody is signed in, or not any more: the connection is of no use until someone is. */
export class SignInNeededError extends UpstreamError {
  constructor(serverName: string, message: string, options?: ErrorOptions) {
    super('auth_required', serverName, message, options);
  }
}

/** The answer of a request was beyond what is passed on. */
export function tooLarge(serverName: string, bytes: number): UpstreamError {
  const size = Math.ceil(bytes / 1_048_576);
  const text = `Server "${serverName}" answered with ${size} MiB; at most 64 MiB are passed on. Ask it for less.`;
  return new UpstreamError('too_large', serverName, text);
}
