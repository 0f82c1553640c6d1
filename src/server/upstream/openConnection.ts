import type { ServerRecord } from '../../contract/servers.ts';
import type { Root } from './caller.ts';
import { Connection, type ConnectionHost } from './connection.ts';
import { initialize, type ServerDescription } from './handshake.ts';
import { openTransport } from './openTransport.ts';
import { resolveServerConfig } from './serverConfig.ts';
import type { StderrTail } from './stderrTail.ts';
import type { UpstreamContext } from './upstreamContext.ts';
import { UpstreamError } from './upstreamError.ts';
import { waitFor } from './waitFor.ts';

const connectLimitMs = 30_000;

/** An open connection and what the server said of itself when it was opened. */
export interface LiveConnection {
  connection: Connection;
  description: ServerDescription;
}

export interface OpenRequest {
  record: ServerRecord;
  /** What `${workspaceFolder}` is taken from. */
  roots: readonly Root[];
  context: UpstreamContext;
  stderr: StderrTail;
  host: ConnectionHost;
  /** Gives up. */
  signal: AbortSignal;
  /** Gets the end of a connection that could not be opened; the error does not wait for it. */
  onEnding: (ending: Promise<void>) => void;
}

/** Starts or reaches a server and shakes hands, within 30 s. @throws UpstreamError */
export async function openConnection(request: OpenRequest): Promise<LiveConnection> {
  const { record, context, signal } = request;
  const { config, secretValues } = resolveServerConfig(record, {
    secrets: context.store.secrets,
    roots: request.roots,
    env: context.env,
  });
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(tooSlow(request)), connectLimitMs).unref();
  const giveUp = AbortSignal.any([signal, limit.signal]);
  try {
    const { name: serverName } = record;
    const { stderr } = request;
    const transport = openTransport({ serverName, config, secretValues, stderr, context });
    const connection = new Connection(transport, request.host, context.log);
    try {
      const opening = initialize(connection, record, context.version, giveUp, connectLimitMs);
      return { connection, description: await waitFor(opening, giveUp) };
    } catch (error) {
      const cause = asUpstreamError(error, record.name);
      request.onEnding(connection.close(cause));
      throw cause;
    }
  } catch (error) {
    throw asUpstreamError(error, record.name);
  } finally {
    clearTimeout(timer);
  }
}

function tooSlow({ record, stderr }: OpenRequest): UpstreamError {
  const last = stderr.lines.slice(-3).join(' | ');
  return new UpstreamError(
    'timeout',
    record.name,
    `Server "${record.name}" did not finish its start within 30 s${last === '' ? '.' : `. Its last output: ${last}`}`,
  );
}

function asUpstreamError(error: unknown, serverName: string): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const message = `Server "${serverName}" could not be started: ${reason}`;
  return new UpstreamError('start_failed', serverName, message, { cause: error });
}
