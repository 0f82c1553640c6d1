import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Connections } from './connections.ts';

/** Milliseconds; headers and bodies come from this machine, answers may take for ever (streams). */
const limits = {
  headersTimeout: 15_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
} as const;

/** Milliseconds that requests in flight may take once the server is closing. */
const closingGrace = 5_000;
const sweepInterval = 50;

/** How often another port is tried where the one picked on 127.0.0.1 is taken on ::1. */
const portAttempts = 10;

/** The port is in use by another program. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';

  constructor(
    readonly port: number,
    options?: ErrorOptions,
  ) {
    super(`Port ${port} is in use by another program; choose another one with --port`, options);
  }
}

export interface Listening {
  readonly port: number;
  /** False where this machine has no ::1. */
  readonly hasIpv6: boolean;
  /** Takes no new connections, lets requests in flight end for 5 s, then closes all connections. */
  close(): Promise<void>;
}

export interface ListenOptions {
  callback: RequestListener;
  /** Attaches the handler of WebSockets; returns how to end them. */
  handleUpgrade(server: Server): () => void;
  /** Every connection, of both addresses, is added to them. */
  connections: Connections;
  /** 0 picks a free one. */
  port: number;
}

/**
 * Listens on 127.0.0.1 and, where there is one, on ::1, on the same port: clients that resolve
 * `localhost` to ::1 first must not reach another program.
 * @throws PortInUseError
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  for (let attempt = 1; ; attempt++) {
    const ipv4 = await bind(options, '127.0.0.1', options.port);
    const port = portOf(ipv4.server);
    try {
      const ipv6 = await bindIpv6(options, port);
      return new BoundServers(ipv6 ? [ipv4, ipv6] : [ipv4], port);
    } catch (error) {
      await ipv4.close();
      const isOwnChoice = options.port === 0 && error instanceof PortInUseError;
      if (!isOwnChoice || attempt === portAttempts) throw error;
    }
  }
}

class BoundServers implements Listening {
  #closed: Promise<void> | undefined;

  constructor(
    private readonly servers: readonly BoundServer[],
    readonly port: number,
  ) {}

  get hasIpv6(): boolean {
    return this.servers.length > 1;
  }

  close(): Promise<void> {
    this.#closed ??= Promise.all(this.servers.map((server) => server.close())).then(
      () => undefined,
    );
    return this.#closed;
  }
}

/** One listening socket with its connections, WebSockets included (Node forgets those once upgraded). */
class BoundServer {
  readonly #sockets = new Set<Socket>();

  constructor(
    readonly server: Server,
    private readonly endWebSockets: () => void,
    connections: Connections,
  ) {
    server.on('connection', (socket) => {
      connections.add(socket);
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve()); // fails only where it is closed already
    });
    this.endWebSockets();
    for (const socket of this.#sockets) {
      if (socket.bytesRead === 0) socket.destroy(); // opened ahead of need; Node does not call it idle
    }
    // a connection whose last answer ends after close() stays open until it is asked again
    const sweep = setInterval(() => this.server.closeIdleConnections(), sweepInterval);
    const limit = setTimeout(() => this.#endAll(), closingGrace);
    await closed;
    clearInterval(sweep);
    clearTimeout(limit);
  }

  #endAll(): void {
    this.server.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
  }
}

async function bindIpv6(options: ListenOptions, port: number): Promise<BoundServer | undefined> {
  try {
    return await bind(options, '::1', port);
  } catch (error) {
    if (['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

function bind(options: ListenOptions, host: string, port: number): Promise<BoundServer> {
  const server = createServer(limits, options.callback);
  const bound = new BoundServer(server, options.handleUpgrade(server), options.connections);
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(codeOf(error) === 'EADDRINUSE' ? new PortInUseError(port, { cause: error }) : error),
    );
    server.listen({ host, port, ipv6Only: host === '::1' }, () => resolve(bound));
  });
}

function portOf(server: Server): number {
  const address = server.address() as AddressInfo | null;
  if (!address) throw new Error('The server is not listening');
  return address.port;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
