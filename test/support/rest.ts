import type { JsonValue } from '../../src/contract/json.ts';

export interface RestAnswer {
  status: number;
  headers: Headers;
  /** The parsed body; undefined where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape and assert on them
  body: any;
}

/** Calls the REST API of one server. */
export class Rest {
  /** @param token the admin token, where the server wants one */
  constructor(
    private readonly baseUrl: string,
    private readonly token?: string,
  ) {}

  /** Whatever the status is. Paths begin with `/`. */
  async send(method: string, path: string, body?: JsonValue | object): Promise<RestAnswer> {
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.token && { authorization: `Bearer ${this.token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  /**
   * The body of an answer that succeeded.
   * @throws Error with the status and body of one that did not
   */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  async ok(method: string, path: string, body?: JsonValue | object): Promise<any> {
    const answer = await this.send(method, path, body);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  /** Creates a stdio server that runs a Node program. @returns its id */
  async addNodeServer(
    name: string,
    program: string,
    args: readonly string[] = [],
    more: Record<string, JsonValue> = {},
  ): Promise<string> {
    const server = await this.ok('POST', '/api/mcp-servers', {
      name,
      transport_type: 'stdio',
      config: { command: process.execPath, args: [program, ...args] },
      ...more,
    });
    return server.server_id;
  }

  /** Connects servers, after which their tools are known. */
  async connect(...serverIds: string[]): Promise<void> {
    await Promise.all(serverIds.map((id) => this.ok('POST', `/api/mcp-servers/${id}/connect`)));
  }

  /** Creates a vMCP of servers, with all they offer. @returns its id */
  async addVmcp(
    name: string,
    serverIds: readonly string[],
    more: Record<string, JsonValue> = {},
  ): Promise<string> {
    const vmcp = await this.ok('POST', '/api/vmcps', {
      name,
      mcp_servers: serverIds.map((server_id) => ({ server_id })),
      ...more,
    });
    return vmcp.vmcp_id;
  }
}
