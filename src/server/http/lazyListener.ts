import type { RequestListener } from 'node:http';
import type { Log } from '../log.ts';
import { answerError } from './requestListener.ts';

/**
 * Loads what listens with its first request. REST and all that only it needs takes a while to be made,
 * which the first MCP clients need not wait for.
 */
export function lazyListener(load: () => Promise<RequestListener>, log: Log): RequestListener {
  let listener: RequestListener | undefined;
  let loading: Promise<RequestListener> | undefined;
  return (request, response) => {
    if (listener !== undefined) return listener(request, response);
    loading ??= load();
    loading
      .then((loaded) => {
        listener = loaded;
        loaded(request, response);
      })
      .catch((error: unknown) => answerError(request, response, error, log));
  };
}
