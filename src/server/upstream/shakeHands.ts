import { RpcError } from '../../contract/jsonRpc.ts';
import type { ServerRecord } from '../../contract/servers.ts';
import { Connection, type ConnectionHost } from './connection.ts';
import type { EraKnowledge } from './eraKnowledge.ts';
import { initialize, type ServerDescription } from './handshake.ts';
import { discover, isRefusal } from './modern/discover.ts';
import { type ModernHost, ModernServer } from './modern/modernServer.ts';
import { RequestEnvelope } from './modern/requestEnvelope.ts';
import { openModernTransport, openTransport, type TransportSpec } from './openTransport.ts';
import type { UpstreamContext } from './upstreamContext.ts';
import { asUpstreamError, UpstreamError } from './upstreamError.ts';
import { waitFor } from './waitFor.ts';

/** Servers of the session era need not answer what they do not know; then they are asked otherwise. */
const pipeSilenceMs = 3000;
const remoteSilenceMs = 10_000;
const initializeLimitMs = 30_000;

/** An open connection and what the server said of itself when it was opened. */
export interface LiveConnection {
  connection: Connection;
  description: ServerDescription;
  /** It was asked of which era it is, and not taken for what it was before. */
  wasAsked: boolean;
  /** Only of a server without sessions (MCP 2026-07-28): calls go through it. */
  modern?: ModernServer;
}

export interface Handshake {
  record: ServerRecord;
  spec: TransportSpec;
  context: UpstreamContext;
  host: ConnectionHost & ModernHost;
  known: EraKnowledge;
  signal: AbortSignal;
  /** Gets the end of a connection that is not used. */
  onEnding: (ending: Promise<void>) => void;
}

/**
 * Opens a connection in the server's era (MCP 2026-07-28, basic/versioning): it is asked what it is
 * first, unless it is known to be of the session era. @throws UpstreamError; what the signal says
 */
export async function shakeHands(handshake: Handshake): Promise<LiveConnection> {
  const { known, spec } = handshake;
  if (spec.config.type === 'sse') return openSession(handshake, false);
  if (!known.isOfSessionEra) return negotiate(handshake);
  try {
    return await openSession(handshake, false);
  } catch (error) {
    if (handshake.signal.aborted || !isRefusal(error)) throw error;
    return negotiate(handshake); // it may not be what it was
  }
}

async function negotiate(handshake: Handshake): Promise<LiveConnection> {
  const { known, spec, host, context } = handshake;
  const { config } = spec;
  if (config.type === 'stdio') return openPipe(handshake);
  const transport = openModernTransport(spec, config, (tool) => known.paramHeaders(tool));
  const connection = new Connection(transport, host, context.log);
  const modern = await guarded(handshake, connection, () => discoverRemote(handshake, connection));
  if (modern !== undefined) return modern;
  handshake.onEnding(connection.close(notUsed(handshake)));
  return openSession(handshake, true);
}

async function openSession(handshake: Handshake, wasAsked: boolean): Promise<LiveConnection> {
  const connection = connect(handshake);
  return guarded(handshake, connection, () => beginSession(handshake, connection, wasAsked));
}

/** Both eras are tried on one process, unless it ends over the first question. */
async function openPipe(handshake: Handshake): Promise<LiveConnection> {
  const connection = connect(handshake);
  try {
    return await guarded(handshake, connection, () => tryBoth(handshake, connection));
  } catch (error) {
    const hasEnded = error instanceof UpstreamError && error.code === 'crashed';
    if (!hasEnded || handshake.signal.aborted) throw error;
    return openSession(handshake, true);
  }
}

async function tryBoth(handshake: Handshake, connection: Connection): Promise<LiveConnection> {
  const { signal } = handshake;
  const envelope = envelopeOf(handshake);
  connection.worded(envelope);
  const probe = new AbortController();
  const probing = discover(connection, AbortSignal.any([signal, probe.signal]));
  const silence = AbortSignal.timeout(pipeSilenceMs);
  const description = await waitFor(probing, AbortSignal.any([signal, silence])).catch((error) => {
    if (!silence.aborted || signal.aborted) throw error;
    return undefined; // it may still answer, in the order in which it was asked
  });
  if (description !== undefined) return modernLive(handshake, connection, description);
  connection.worded(undefined);
  try {
    return await beginSession(handshake, connection, true);
  } catch (error) {
    const late = error instanceof RpcError ? await waitFor(probing, signal) : undefined;
    if (late === undefined) throw error;
    connection.worded(envelope);
    return modernLive(handshake, connection, late);
  } finally {
    probing.catch(() => {}); // given up below, or told already
    probe.abort(new Error('the server is of the session era'));
  }
}

async function discoverRemote(
  handshake: Handshake,
  connection: Connection,
): Promise<LiveConnection | undefined> {
  const { signal } = handshake;
  const envelope = envelopeOf(handshake);
  connection.worded(envelope);
  const silence = AbortSignal.timeout(remoteSilenceMs);
  const either = AbortSignal.any([signal, silence]);
  const description = await discover(connection, either).catch((error: unknown) => {
    if (!silence.aborted || signal.aborted) throw error;
    return undefined;
  });
  return description && modernLive(handshake, connection, description);
}

async function beginSession(
  { record, context, signal }: Handshake,
  connection: Connection,
  wasAsked: boolean,
): Promise<LiveConnection> {
  const opening = initialize(connection, record, context.version, signal, initializeLimitMs);
  return { connection, description: await waitFor(opening, signal), wasAsked };
}

function modernLive(
  { record, known, host, context }: Handshake,
  connection: Connection,
  description: ServerDescription,
): LiveConnection {
  const serverId = record.server_id;
  const modern = new ModernServer({ serverId, connection, description, known, host, context });
  return { connection, description, modern, wasAsked: true };
}

function connect({ spec, host, context }: Handshake): Connection {
  return new Connection(openTransport(spec), host, context.log);
}

function envelopeOf({ record, context }: Handshake): RequestEnvelope {
  return new RequestEnvelope(record, context.version);
}

/** What is not opened is closed. */
async function guarded<T>(
  { record, onEnding }: Handshake,
  connection: Connection,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    onEnding(connection.close(asUpstreamError(error, record.name)));
    throw error;
  }
}

function notUsed({ record }: Handshake): UpstreamError {
  return new UpstreamError('closed', record.name, `Server "${record.name}" has sessions.`);
}
