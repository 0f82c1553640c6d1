import type { Failure } from '../../src/contract/webview/messages.ts';

/** A request that the server or the window refused, or that reached nobody. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';
  /** The HTTP status; 0: the server was not reached. */
  readonly status: number;
  readonly error: string;
  readonly detail: string;

  constructor({ status, error, detail }: Failure) {
    super(detail === '' ? error : `${error}: ${detail}`);
    this.status = status;
    this.error = error;
    this.detail = detail;
  }
}

/** Anything thrown, as a failure. */
export function asFailure(thrown: unknown): RequestFailure {
  if (thrown instanceof RequestFailure) return thrown;
  return new RequestFailure({ status: 0, error: String(thrown), detail: '' });
}
