import { UpstreamError } from './upstreamError.ts';

/** A status that is no answer to a request. */
export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';

  constructor(
    readonly status: number,
    readonly body: string,
  ) {
    super(`HTTP ${status}`);
  }
}

const excerpt = 200;
/** Errors after which the server cannot have seen the request. */
const notReached = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

/** Whether the server was not even reached, so that its session is of no use any more. */
export function wasNotReached(error: unknown): boolean {
  const code = codeOf(error);
  return notReached.has(code) || code.startsWith('ERR_TLS') || code.includes('CERT');
}

/** What a failed exchange means for the user. The address is shown without path and query. */
export function httpFailure(error: unknown, serverName: string, url: URL): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const server = `Server "${serverName}" at ${url.origin}`;
  if (error instanceof HttpStatusError) return statusFailure(error, serverName, server);
  const reason = error instanceof Error ? error.message || codeOf(error) : String(error);
  const text = `${server} could not be reached: ${reason}. Check its address and whether it runs.`;
  return new UpstreamError('unreachable', serverName, text, { cause: error });
}

function statusFailure(error: HttpStatusError, serverName: string, server: string): UpstreamError {
  const { status, body } = error;
  if (status === 401 || status === 403) {
    const text = `${server} refused with HTTP ${status}: it wants other credentials. Edit its authorization.`;
    return new UpstreamError('auth_required', serverName, text, { cause: error });
  }
  const said =
    body.trim() === '' ? '' : `: ${body.trim().replaceAll(/\s+/g, ' ').slice(0, excerpt)}`;
  const code = status >= 500 ? 'unreachable' : 'protocol';
  return new UpstreamError(code, serverName, `${server} answered HTTP ${status}${said}`, {
    cause: error,
  });
}

function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
