import type { JsonRpcMessage } from '../../contract/jsonRpc.ts';

/**
 * On which stream a message came: that of the request with this id, one that belongs to no request,
 * or a pipe, which does not tell.
 */
export type MessageOrigin = number | 'standalone' | 'pipe';

/** Hears what comes from a server, strictly in order and synchronously. */
export interface TransportListener {
  /** Any JSON value that the server sent as a message; not looked into yet. */
  message(value: unknown, origin: MessageOrigin): void;
  /** The request gets no answer; others are not concerned. `SessionLostError`: it was not executed. */
  requestFailed(id: number, error: Error): void;
  /** The server forgot the session: requests that are open may still be answered, new ones not. */
  sessionLost(): void;
  /** The end; said once, whoever caused it. */
  closed(error: Error): void;
}

/** Carries messages to and from one server and knows nothing of what they say. */
export interface Transport {
  /** Whether all messages come on one stream, with the origin `pipe`. */
  readonly isPipe: boolean;
  start(listener: TransportListener): void;
  /** Sends without waiting; what cannot be sent is told to the listener. */
  send(message: JsonRpcMessage): void;
  /** Stops reading the answer of a request that nobody waits for any more. */
  abandon(id: number): void;
  /** The handshake is done in this protocol version; resolves when requests may follow. */
  opened(protocolVersion: string): Promise<void>;
  /** Ends the connection; resolves when nothing of it is left. May be called more than once. */
  close(): Promise<void>;
}

/** The server no longer knows the session, and did not execute the request. */
export class SessionLostError extends Error {
  override readonly name = 'SessionLostError';
}

/** The largest message that is read: 64 MiB. */
export const maxMessageBytes = 64 * 1024 * 1024;
