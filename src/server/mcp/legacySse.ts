import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  classifyMessage,
  type JsonRpcNotification,
  type JsonRpcRequest,
  type JsonRpcResponse,
  RpcError,
  rpcCodes,
} from '../../contract/jsonRpc.ts';
import type { McpAddress } from '../http/mcpEndpoint.ts';
import { bodyLimits, readBody } from '../http/readBody.ts';
import type { Vmcps } from '../vmcp/configuration/vmcps.ts';
import type { ClientSession } from './clientSession.ts';
import { type Dispatcher, objectOrEmpty } from './dispatcher.ts';
import { sendJson } from './exchange.ts';
import { initializeResult } from './initialize.ts';
import type { Outlet } from './outlet.ts';
import { errorText, resultText } from './rpcText.ts';
import type { SessionRegistry } from './sessionRegistry.ts';

export interface LegacySseDependencies {
  vmcps: Vmcps;
  sessions: SessionRegistry;
  dispatcher: Dispatcher;
  version: string;
}

/** HTTP+SSE of MCP 2024-11-05: one stream down, single POSTs up; the session is the stream's. */
export class LegacySse {
  constructor(private readonly dependencies: LegacySseDependencies) {}

  /** GET …/sse */
  open(request: IncomingMessage, response: ServerResponse, address: McpAddress): void {
    if (request.method !== 'GET') {
      response.writeHead(405, { allow: 'GET' }).end();
      return;
    }
    const session = this.dependencies.sessions.createForStream({
      vmcpId: address.vmcp,
      tokenId: address.tokenId,
      protocolVersion: '2024-11-05',
      capabilities: {},
      clientInfo: {},
    });
    session.standalone.attach(response, 0);
    session.listens();
    response.write(`event: endpoint\ndata: ${address.prefix}/message?sessionId=${session.id}\n\n`);
    response.on('close', () => void this.dependencies.sessions.end(session, 'the stream closed'));
  }

  /** POST …/message?sessionId= */
  async message(
    request: IncomingMessage,
    response: ServerResponse,
    address: McpAddress,
  ): Promise<void> {
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'POST' }).end();
      return;
    }
    const id = new URL(request.url ?? '', 'http://localhost').searchParams.get('sessionId') ?? '';
    const session = this.dependencies.sessions.find(id, address.vmcp, address.tokenId);
    if (!session) {
      sendJson(response, 404, errorText(null, new RpcError(-32001, 'Session not found')));
      return;
    }
    const message = parse(await readBody(request, bodyLimits.mcp));
    const kind = classifyMessage(message);
    if (kind === undefined) {
      const error = new RpcError(rpcCodes.invalidRequest, 'The body is no JSON-RPC 2.0 message');
      sendJson(response, 400, errorText(null, error));
      return;
    }
    response.writeHead(202).end('Accepted');
    if (kind === 'response') session.answered(message as JsonRpcResponse);
    else if (kind === 'request') await this.#request(session, message as JsonRpcRequest);
    else this.dependencies.dispatcher.notification(session, message as JsonRpcNotification);
  }

  async #request(session: ClientSession, request: JsonRpcRequest): Promise<void> {
    const { standalone } = session;
    const outlet: Outlet = {
      send: (message) => {
        standalone.push(JSON.stringify(message));
        return standalone.isOpen;
      },
      answer: (text) => {
        if (text !== undefined) standalone.push(text);
      },
    };
    if (request.method === 'initialize') outlet.answer(this.#initialize(session, request));
    else await this.dependencies.dispatcher.request(session, request, outlet);
  }

  #initialize(session: ClientSession, { id, params = {} }: JsonRpcRequest): string {
    const { vmcps, version } = this.dependencies;
    const compiled = vmcps.compiled(session.record.vmcp_id);
    const result = initializeResult(compiled, params, version);
    session.record = {
      ...session.record,
      protocol_version: result.protocolVersion,
      capabilities: objectOrEmpty(params.capabilities),
      client_info: objectOrEmpty(params.clientInfo),
    };
    return resultText(id, result, false);
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined; // the caller answers that it is no message
  }
}
