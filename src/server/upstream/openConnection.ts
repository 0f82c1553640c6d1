import type { ServerRecord } from '../../contract/servers.ts';
import type { Root } from './caller.ts';
import { Connection, type ConnectionHost } from './connection.ts';
import { initialize, type ServerDescription } from './handshake.ts';
import { HttpStatusError } from './httpFailure.ts';
import { BearerAuthorization } from './oauth/bearerAuthorization.ts';
import { openTransport } from './openTransport.ts';
import { type ResolvedConfig, resolveServerConfig } from './serverConfig.ts';
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

/**
 * Starts or reaches a server and shakes hands, within 30 s. A remote server that does not take POST is
 * tried as one of 2024-11-05 (MCP 2025-11-25, basic/transports, backwards compatibility).
 * @throws UpstreamError
 */
export async function openConnection(request: OpenRequest): Promise<LiveConnection> {
  const { record, context } = request;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(tooSlow(request)), connectLimitMs).unref();
  const signal = AbortSignal.any([request.signal, limit.signal]);
  try {
    const { config, secretValues } = resolveServerConfig(record, {
      secrets: context.store.secrets,
      roots: request.roots,
      env: context.env,
    });
    try {
      return await shakeHands(request, config, secretValues, signal);
    } catch (error) {
      if (config.type !== 'http' || !takesNoPost(error)) throw error;
      return await shakeHands(request, { ...config, type: 'sse' }, secretValues, signal).catch(
        () => {
          throw error;
        },
      );
    }
  } catch (error) {
    throw asUpstreamError(error, record.name);
  } finally {
    clearTimeout(timer);
  }
}

async function shakeHands(
  request: OpenRequest,
  config: ResolvedConfig,
  secretValues: readonly string[],
  signal: AbortSignal,
): Promise<LiveConnection> {
  const { record, context, stderr } = request;
  const serverName = record.name;
  const authorization = authorizationOf(record, context);
  const spec = { serverName, config, secretValues, authorization, stderr, context };
  const transport = openTransport(spec);
  const connection = new Connection(transport, request.host, context.log);
  try {
    const opening = initialize(connection, record, context.version, signal, connectLimitMs);
    const description = await waitFor(opening, signal);
    if (connection.isUsable) return { connection, description };
    const text = `Server "${serverName}" ended the session as soon as it was opened.`;
    throw new UpstreamError('unreachable', serverName, text);
  } catch (error) {
    request.onEnding(connection.close(asUpstreamError(error, serverName)));
    throw error;
  }
}

/** Without configured credentials a server may still want the user to sign in. */
function authorizationOf({ server_id, config, auth }: ServerRecord, { oauth }: UpstreamContext) {
  if (!('url' in config) || (auth.type !== 'oauth' && auth.type !== 'none')) return undefined;
  const isSet = Object.keys(config.headers).some((name) => /^authorization$/i.test(name));
  return isSet ? undefined : new BearerAuthorization(oauth.get(server_id), config.url);
}

function takesNoPost(error: unknown): boolean {
  const cause = error instanceof UpstreamError ? error.cause : undefined;
  return cause instanceof HttpStatusError && [400, 404, 405, 406, 415].includes(cause.status);
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
