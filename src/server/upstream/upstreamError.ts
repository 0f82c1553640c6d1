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
