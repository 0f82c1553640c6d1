import type { ServerNeed } from '../../contract/servers.ts';

/** Why no answer could be had from an upstream. */
export type UpstreamErrorCode =
  | 'unknown_server'
  | 'disabled'
  | 'consent_required'
  | 'locked'
  | 'auth_required'
  | 'start_failed'
  | 'unreachable'
  | 'crashed'
  | 'timeout'
  | 'too_large'
  | 'protocol'
  /** It asked its client something, and the client did not answer. */
  | 'unanswered'
  | 'closed';

/** No answer from an upstream. The message names the server, the cause and what to do; it holds no secret. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  /** What the user has to do about it. */
  readonly needs: ServerNeed | undefined;

  constructor(
    readonly code: UpstreamErrorCode,
    readonly serverName: string,
    message: string,
    { needs, ...options }: ErrorOptions & { needs?: ServerNeed } = {},
  ) {
    super(message, options);
    this.needs = needs;
  }
}

/** The credentials do not do: the connection is of no use until the user has others, or signs in. */
export class UnauthorizedError extends UpstreamError {
  constructor(
    serverName: string,
    message: string,
    options?: ErrorOptions & { needs?: ServerNeed },
  ) {
    super('auth_required', serverName, message, options);
  }
}

/** The answer of a request was beyond what is passed on. */
export function tooLarge(serverName: string, bytes: number): UpstreamError {
  const size = Math.ceil(bytes / 1_048_576);
  const text = `Server "${serverName}" answered with ${size} MiB; at most 64 MiB are passed on. Ask it for less.`;
  return new UpstreamError('too_large', serverName, text);
}

/** Any failure of starting a server as one that says so. */
export function asUpstreamError(error: unknown, serverName: string): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const message = `Server "${serverName}" could not be started: ${reason}`;
  return new UpstreamError('start_failed', serverName, message, { cause: error });
}
