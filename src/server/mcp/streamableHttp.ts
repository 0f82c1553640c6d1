import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  classifyMessage,
  type JsonRpcMessage,
  type JsonRpcNotification,
  type JsonRpcRequest,
  type JsonRpcResponse,
  RpcError,
  rpcCodes,
} from '../../contract/jsonRpc.ts';
import type { EditorAnswers } from '../editor/editorAnswers.ts';
import type { McpAddress } from '../http/mcpEndpoint.ts';
import { bodyLimits, readBody } from '../http/readBody.ts';
import type { Vmcps } from '../vmcp/configuration/vmcps.ts';
import type { ClientSession } from './clientSession.ts';
import { type Dispatcher, objectOrEmpty } from './dispatcher.ts';
import { parseEventId } from './eventStream.ts';
import { Exchange, sendJson } from './exchange.ts';
import { initializeResult } from './initialize.ts';
import type { ModernEdge } from './modern/modernEdge.ts';
import { isProtocolVersion } from './protocolVersions.ts';
import { errorText, resultText } from './rpcText.ts';
import type { SessionRegistry } from './sessionRegistry.ts';
import { StatelessClients } from './statelessClients.ts';

const tickMs = 500;

/** A request that was refused before it reached a session. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly rpcError: RpcError,
  ) {
    super(rpcError.message);
  }
}

export interface StreamableHttpDependencies {
  vmcps: Vmcps;
  sessions: SessionRegistry;
  dispatcher: Dispatcher;
  /** Answers the requests of 2026-07-28, which come to the same address. */
  modern: ModernEdge;
  editor: EditorAnswers;
  version: string;
}

/** Streamable HTTP, 2025-03-26 to 2025-11-25 (MCP basic/transports), with and without sessions. */
export class StreamableHttp {
  readonly #stateless: StatelessClients;
  readonly #ticker = setInterval(() => this.#tick(), tickMs).unref();

  constructor(private readonly dependencies: StreamableHttpDependencies) {
    this.#stateless = new StatelessClients(dependencies.editor);
  }

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    address: McpAddress,
  ): Promise<void> {
    try {
      if (request.method === 'POST') await this.#post(request, response, address);
      else if (request.method === 'GET') this.#get(request, response, address);
      else if (request.method === 'DELETE') await this.#delete(request, response, address);
      else response.writeHead(405, { allow: 'GET, POST, DELETE' }).end();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      sendJson(response, error.status, errorText(null, error.rpcError));
    }
  }

  close(): void {
    clearInterval(this.#ticker);
  }

  async #post(
    request: IncomingMessage,
    response: ServerResponse,
    address: McpAddress,
  ): Promise<void> {
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      throw refusal(415, rpcCodes.invalidRequest, 'Content-Type must be application/json');
    }
    const body = await readBody(request, bodyLimits.mcp);
    const parsed = parseBody(body);
    if (this.dependencies.modern.takes(parsed, request, response, address)) return;
    const messages = Array.isArray(parsed) ? parsed : [parsed];
    const opening = messages.find(isInitialize);
    if (opening) {
      if (messages.length > 1) {
        throw refusal(400, rpcCodes.invalidRequest, 'initialize must not be part of a batch');
      }
      await this.#initialize(opening, response, address);
      return;
    }
    const session = this.#sessionOf(request, address) ?? this.#stateless.of(request, address);
    checkVersion(request);
    if (Array.isArray(parsed)) checkBatch(messages, session);
    this.#perform(session, messages, Array.isArray(parsed), request, response);
  }

  async #initialize(
    { id, params = {} }: JsonRpcRequest,
    response: ServerResponse,
    address: McpAddress,
  ): Promise<void> {
    const { vmcps, sessions, version } = this.dependencies;
    const result = initializeResult(vmcps.compiled(address.vmcp), params, version);
    const session = await sessions.create({
      vmcpId: address.vmcp,
      tokenId: address.tokenId,
      protocolVersion: result.protocolVersion,
      capabilities: objectOrEmpty(params.capabilities),
      clientInfo: objectOrEmpty(params.clientInfo),
    });
    response.setHeader('Mcp-Session-Id', session.id);
    sendJson(response, 200, resultText(id, result, false));
  }

  #perform(
    session: ClientSession,
    messages: readonly JsonRpcMessage[],
    batch: boolean,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const requests: JsonRpcRequest[] = [];
    for (const message of messages) {
      if (!('method' in message)) session.answered(message as JsonRpcResponse);
      else if ('id' in message) requests.push(message as JsonRpcRequest);
      else this.dependencies.dispatcher.notification(session, message as JsonRpcNotification);
    }
    if (requests.length === 0) {
      response.writeHead(202).end();
      return;
    }
    const accepts = accepted(request);
    const exchange = new Exchange(session, response, { accepts, expected: requests.length, batch });
    for (const [index, message] of requests.entries()) {
      const cancellation = exchange.cancellations[index];
      void this.dependencies.dispatcher.request(session, message, exchange, cancellation);
    }
  }

  #tick(): void {
    const now = performance.now();
    for (const session of this.dependencies.sessions.inUse()) session.tick(now);
    for (const session of this.#stateless.all()) session.tick(now);
  }

  /** Opens the standalone stream, or goes on with one that was cut. */
  #get(request: IncomingMessage, response: ServerResponse, address: McpAddress): void {
    if (!accepted(request).stream) {
      throw refusal(406, rpcCodes.invalidRequest, 'Accept must allow text/event-stream');
    }
    const session = this.#sessionOf(request, address);
    if (!session) throw refusal(400, rpcCodes.invalidRequest, 'Mcp-Session-Id is missing');
    checkVersion(request);
    const lastEventId = request.headers['last-event-id'];
    const resumed = typeof lastEventId === 'string' ? parseEventId(lastEventId) : undefined;
    if (resumed && resumed.stream !== 'g') {
      const stream = session.stream(resumed.stream);
      if (!stream) {
        const message = `The events after ${lastEventId} are not kept any more; send the request again`;
        throw refusal(400, rpcCodes.invalidRequest, message);
      }
      stream.attach(response, resumed.seq);
      return;
    }
    session.standalone.attach(response, resumed?.seq ?? Number.POSITIVE_INFINITY);
    session.listens();
  }

  async #delete(
    request: IncomingMessage,
    response: ServerResponse,
    address: McpAddress,
  ): Promise<void> {
    const session = this.#sessionOf(request, address);
    if (!session) throw refusal(400, rpcCodes.invalidRequest, 'Mcp-Session-Id is missing');
    await this.dependencies.sessions.end(session, 'the client ended its session');
    response.writeHead(200).end();
  }

  /** @returns undefined without a session id; an unknown, expired or foreign one is refused */
  #sessionOf(request: IncomingMessage, address: McpAddress): ClientSession | undefined {
    const id = request.headers['mcp-session-id'];
    if (id === undefined) return undefined;
    const { sessions } = this.dependencies;
    const session =
      typeof id === 'string' ? sessions.find(id, address.vmcp, address.tokenId) : undefined;
    if (session) return session;
    throw refusal(404, sessionNotFound, 'Session not found: it ended or expired; initialize again');
  }
}

/** The code that the SDK's servers use for this; the HTTP status is what counts. */
const sessionNotFound = -32001;

function refusal(status: number, code: number, message: string): Refusal {
  return new Refusal(status, new RpcError(code, message));
}

function parseBody(body: Buffer): JsonRpcMessage | JsonRpcMessage[] {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw refusal(400, rpcCodes.parseError, `The body is not JSON: ${cause}`);
  }
  const messages: unknown[] = Array.isArray(value) ? value : [value];
  const wrong = messages.findIndex((message) => classifyMessage(message) === undefined);
  if (wrong >= 0 || messages.length === 0) {
    const place = Array.isArray(value) && messages.length > 0 ? ` (element ${wrong})` : '';
    throw refusal(400, rpcCodes.invalidRequest, `The body is no JSON-RPC 2.0 message${place}`);
  }
  return value as JsonRpcMessage | JsonRpcMessage[];
}

function isInitialize(message: JsonRpcMessage): message is JsonRpcRequest {
  return 'method' in message && message.method === 'initialize' && 'id' in message;
}

/** Clients need not send the header (VS Code does not); a wrong one is refused. */
function checkVersion(request: IncomingMessage): void {
  const version = request.headers['mcp-protocol-version'];
  if (version === undefined) return;
  if (typeof version === 'string' && isProtocolVersion(version)) return;
  throw refusal(400, rpcCodes.invalidRequest, `Unsupported MCP-Protocol-Version: ${version}`);
}

/** Only 2025-03-26 has batches. */
function checkBatch(messages: readonly JsonRpcMessage[], session: ClientSession): void {
  const version = session.record.protocol_version;
  if (version !== '2025-03-26' && messages.length > 0) {
    throw refusal(400, rpcCodes.invalidRequest, `MCP ${version} has no JSON-RPC batches`);
  }
}

function accepted(request: IncomingMessage): { json: boolean; stream: boolean } {
  const accept = request.headers.accept ?? '*/*';
  const any = accept.includes('*/*');
  const json = any || accept.includes('application/json') || accept.includes('application/*');
  const stream = accept.includes('text/event-stream');
  return { json: json || !stream, stream };
}
