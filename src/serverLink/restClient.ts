import { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import {
  type Endpoint,
  endpointSchema,
  type ServerFile,
  type ServerSettings,
} from '../contract/admin.ts';
import { errorBodySchema } from '../contract/common.ts';
import { type DiagnosticsReport, diagnosticsSchema } from '../contract/diagnostics.ts';
import { promptsBodySchema, resourcesBodySchema, toolsBodySchema } from '../contract/operations.ts';
import {
  type CreateServer,
  connectResultSchema,
  type McpServer,
  mcpServerSchema,
  serverCatalogSchema,
  serverOutputSchema,
  type UpdateServer,
} from '../contract/servers.ts';
import {
  type LogEntry,
  type LogSummary,
  logEntrySchema,
  logPageSchema,
} from '../contract/stats.ts';
import { type Deleted, deletedBodySchema } from '../contract/undo.ts';
import {
  type CreateVmcp,
  type ExposedTools,
  exposedToolsSchema,
  type UpdateVmcp,
  type Vmcp,
  vmcpSchema,
} from '../contract/vmcps.ts';
import { download } from './download.ts';
import { exchangeBytes, exchangeJson } from './jsonHttp.ts';
import { RestError } from './restError.ts';

/** Configuration reads and writes take milliseconds. */
const timeoutMs = 15_000;
/** Connecting starts a program that may have to be downloaded first (npx): the server's limit is 30 s. */
const connectTimeoutMs = 45_000;

/** The lists of a vMCP's own items, as their paths name them. */
export type OwnList = 'custom-tools' | 'custom-prompts' | 'custom-resources';

/** The server's REST API with the admin token, answers checked against the contract. */
export class RestClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(private readonly server: Pick<ServerFile, 'port' | 'adminToken'>) {}

  vmcps(): Promise<Vmcp[]> {
    return this.#send('GET', '/api/vmcps', z.array(vmcpSchema));
  }

  vmcp(id: string): Promise<Vmcp> {
    return this.#send('GET', `/api/vmcps/${encodeURIComponent(id)}`, vmcpSchema);
  }

  createVmcp(body: CreateVmcp): Promise<Vmcp> {
    return this.#send('POST', '/api/vmcps', vmcpSchema, { body });
  }

  updateVmcp(id: string, body: UpdateVmcp): Promise<Vmcp> {
    return this.#send('PUT', `/api/vmcps/${encodeURIComponent(id)}`, vmcpSchema, { body });
  }

  /** @returns how to undo it */
  deleteVmcp(id: string): Promise<Deleted> {
    return this.#send('DELETE', `/api/vmcps/${encodeURIComponent(id)}`, deletedBodySchema);
  }

  /** @param list `custom-tools`, `custom-prompts` or `custom-resources` @returns how to undo it */
  deleteOwnItem(vmcpId: string, list: OwnList, name: string): Promise<Deleted> {
    return this.#send('DELETE', ownItemPath(vmcpId, list, name), deletedBodySchema);
  }

  /** @throws RestError 404 where its time is over, 409 where its name is taken by now */
  async undo(undoId: string): Promise<void> {
    await this.#send('POST', `/api/undo/${encodeURIComponent(undoId)}`, z.unknown());
  }

  /** What a vMCP lists, with sizes; starts no server. */
  exposedTools(vmcpId: string): Promise<ExposedTools> {
    const path = `/api/vmcps/${encodeURIComponent(vmcpId)}/exposed-tools`;
    return this.#send('GET', path, exposedToolsSchema);
  }

  /** How clients reach a vMCP; the address holds a client token where authentication is on. */
  endpoint(vmcpId: string): Promise<Endpoint> {
    return this.#send('GET', `/api/vmcps/${encodeURIComponent(vmcpId)}/endpoint`, endpointSchema);
  }

  tools(vmcpId: string): Promise<z.infer<typeof toolsBodySchema>> {
    return this.#send('GET', `/api/vmcps/${encodeURIComponent(vmcpId)}/tools`, toolsBodySchema);
  }

  prompts(vmcpId: string): Promise<z.infer<typeof promptsBodySchema>> {
    return this.#send('GET', `/api/vmcps/${encodeURIComponent(vmcpId)}/prompts`, promptsBodySchema);
  }

  resources(vmcpId: string): Promise<z.infer<typeof resourcesBodySchema>> {
    const path = `/api/vmcps/${encodeURIComponent(vmcpId)}/resources`;
    return this.#send('GET', path, resourcesBodySchema);
  }

  servers(): Promise<McpServer[]> {
    return this.#send('GET', '/api/mcp-servers', z.array(mcpServerSchema));
  }

  createServer(body: CreateServer): Promise<McpServer> {
    return this.#send('POST', '/api/mcp-servers', mcpServerSchema, { body });
  }

  updateServer(id: string, body: UpdateServer): Promise<McpServer> {
    return this.#send('PUT', `/api/mcp-servers/${encodeURIComponent(id)}`, mcpServerSchema, {
      body,
    });
  }

  mcpServer(id: string): Promise<McpServer> {
    return this.#send('GET', `/api/mcp-servers/${encodeURIComponent(id)}`, mcpServerSchema);
  }

  /** @returns how to undo it */
  deleteServer(id: string): Promise<Deleted> {
    return this.#send('DELETE', `/api/mcp-servers/${encodeURIComponent(id)}`, deletedBodySchema);
  }

  /** The newest logged operations, without values. */
  async calls(count: number, failedOnly: boolean): Promise<LogSummary[]> {
    const filter = failedOnly ? '&success=false' : '';
    const path = `/api/stats/logs?page_size=${count}${filter}`;
    return (await this.#send('GET', path, logPageSchema)).logs;
  }

  /** One logged operation, whole. @throws RestError 404 where it was pruned */
  call(logId: string): Promise<LogEntry> {
    return this.#send('GET', `/api/stats/logs/${encodeURIComponent(logId)}`, logEntrySchema);
  }

  connectServer(id: string, signal?: AbortSignal): Promise<z.infer<typeof connectResultSchema>> {
    const path = `/api/mcp-servers/${encodeURIComponent(id)}/connect`;
    return this.#send('POST', path, connectResultSchema, { timeoutMs: connectTimeoutMs, signal });
  }

  async disconnectServer(id: string): Promise<void> {
    await this.#send('POST', `/api/mcp-servers/${encodeURIComponent(id)}/disconnect`, z.unknown());
  }

  /** What a server offers, whether or not it runs. @throws RestError 404 before its first connection */
  catalog(serverId: string): Promise<z.infer<typeof serverCatalogSchema>> {
    const path = `/api/mcp-servers/${encodeURIComponent(serverId)}/catalog`;
    return this.#send('GET', path, serverCatalogSchema);
  }

  async output(serverId: string): Promise<string[]> {
    const path = `/api/mcp-servers/${encodeURIComponent(serverId)}/output`;
    return (await this.#send('GET', path, serverOutputSchema)).lines;
  }

  /** @param key base64 of 32 bytes @throws RestError where it is not the key of the stored secrets */
  async handOverSecretsKey(key: string): Promise<void> {
    await this.#send('POST', '/api/admin/secrets-key', z.unknown(), { body: { key } });
  }

  async applySettings(settings: ServerSettings): Promise<void> {
    await this.#send('POST', '/api/admin/settings', z.unknown(), { body: settings });
  }

  async stop(): Promise<void> {
    await this.#send('POST', '/api/admin/stop', z.unknown(), { body: { successor: false } });
  }

  /** Passes a request on as it is; the answer is the server's word. @throws RestError */
  forward(
    method: string,
    path: string,
    options: { body?: unknown; timeoutMs?: number; signal?: AbortSignal },
  ): Promise<unknown> {
    return this.#send(method, path, z.unknown(), options);
  }

  /** @returns the body as it arrives @throws RestError as the server refused it */
  download(path: string, signal: AbortSignal): Promise<Readable> {
    const { port, adminToken: token } = this.server;
    return download(this.#agent, { port, token, path, signal });
  }

  /** Gets or, with content, puts what is no JSON. @throws RestError */
  async transfer(path: string, content?: { type: string; bytes: Uint8Array }): Promise<Uint8Array> {
    const method = content ? 'PUT' : 'GET';
    const { status, bytes } = await exchangeBytes(this.#agent, {
      port: this.server.port,
      token: this.server.adminToken,
      ...{ method, path, timeoutMs, accept: '*/*' },
      ...(content && { content }),
    });
    if (status >= 400) {
      const body: unknown = JSON.parse(bytes.toString('utf8'));
      throw refusal(status, body, `${method} ${path}`);
    }
    return bytes;
  }

  /** The state of the whole server, without secrets. */
  diagnostics(): Promise<DiagnosticsReport> {
    return this.#send('GET', '/api/admin/diagnostics', diagnosticsSchema);
  }

  /** Ends the kept connections; requests in flight fail. */
  close(): void {
    this.#agent.destroy();
  }

  async #send<T>(
    method: string,
    path: string,
    schema: z.ZodType<T>,
    options: { body?: unknown; timeoutMs?: number; signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    const answer = await exchangeJson(this.#agent, {
      port: this.server.port,
      token: this.server.adminToken,
      method,
      path,
      body: options.body,
      timeoutMs: options.timeoutMs ?? timeoutMs,
      ...(options.signal && { signal: options.signal }),
    });
    if (answer.status >= 400) throw refusal(answer.status, answer.body, `${method} ${path}`);
    const parsed = schema.safeParse(answer.body);
    if (parsed.success) return parsed.data;
    throw new RestError(
      answer.status,
      `The answer to ${method} ${path} is not as expected`,
      z.prettifyError(parsed.error),
    );
  }
}

function ownItemPath(vmcpId: string, list: OwnList, name: string): string {
  return `/api/vmcps/${encodeURIComponent(vmcpId)}/${list}/${encodeURIComponent(name)}`;
}

function refusal(status: number, body: unknown, what: string): RestError {
  const said = errorBodySchema.safeParse(body).data;
  return new RestError(status, said?.error ?? `HTTP status ${status}`, said?.detail ?? what);
}
