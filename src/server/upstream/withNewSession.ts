import { SessionLostError } from './transport.ts';
import { UpstreamError } from './upstreamError.ts';

/**
 * Does something once more where the server had forgotten the session, and so did not execute it: the
 * second time opens a new session (MCP 2025-11-25, basic/transports, session management).
 */
export function withNewSession<T>(serverName: string, action: () => Promise<T>): Promise<T> {
  return action().catch((error: unknown) => {
    if (!(error instanceof SessionLostError)) throw error;
    return onceMore(serverName, action);
  });
}

async function onceMore<T>(serverName: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof SessionLostError)) throw error;
    if (error.cause !== undefined) throw error.cause;
    const text = `Server "${serverName}" forgets its sessions at once. Report this to its operator.`;
    throw new UpstreamError('protocol', serverName, text, { cause: error });
  }
}
