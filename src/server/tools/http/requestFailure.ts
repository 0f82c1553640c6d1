import { RequestError } from './requestError.ts';

const reasons: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused; is the server running?',
  ECONNRESET: 'the server closed the connection',
  EPIPE: 'the server closed the connection',
  ERR_STREAM_PREMATURE_CLOSE: 'the answer broke off',
  ENOTFOUND: 'the host is not known',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the host does not answer',
};

/** Why a request has no answer, for the model and the user; undefined for errors of another kind. */
export function requestFailure(error: unknown, origin: string): string | undefined {
  if (error instanceof RequestError) return error.message;
  if (!(error instanceof Error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return undefined;
  // “request to <URL> failed, reason: …”: the URL stays out of it, it may hold secrets.
  const [, detail] = /, reason: (.+)$/s.exec(error.message) ?? [];
  if (code === RequestError.code) return detail ?? error.message;
  const reason = reasons[code] ?? kindOfFailure(code) ?? detail ?? error.message;
  return `No answer from ${origin}: ${reason} (${code})`;
}

function kindOfFailure(code: string): string | undefined {
  if (/^(Z_|ERR__ERROR_|ERR_BROTLI)/.test(code)) return 'the answer cannot be unpacked';
  return code.startsWith('HPE_') ? 'the answer is no HTTP' : undefined;
}
