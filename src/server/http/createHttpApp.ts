import type { RequestListener, Server } from 'node:http';
import { ClientTokens } from './clientTokens.ts';
import { Connections } from './connections.ts';
import type { RestAppDependencies } from './createRestApp.ts';
import { lazyListener } from './lazyListener.ts';
import type { McpEndpoint } from './mcpEndpoint.ts';
import { requestListener } from './requestListener.ts';
import { EventSocket } from './socket/eventSocket.ts';
import type { Leases } from './socket/leases.ts';

export interface HttpAppDependencies extends RestAppDependencies {
  mcp: McpEndpoint;
}

export interface HttpApp {
  /** For Node's `http` server. */
  callback: RequestListener;
  /** Serves `/ws` on a server; returns how to end its connections. */
  handleUpgrade(server: Server): () => void;
  /** The open connections, and whose they are. */
  readonly connections: Connections;
  /** Whoever keeps the server running. */
  readonly leases: Leases;
  /** Ends the WebSockets and stops listening to events. */
  close(): void;
}

/** The whole HTTP side: MCP addresses, REST, `/ws`. Listens nowhere itself. */
export function createHttpApp(dependencies: HttpAppDependencies): HttpApp {
  const { access, events, log, vmcps } = dependencies;
  const clientTokens = new ClientTokens(dependencies.store, events, log);
  const connections = new Connections();
  const socket = new EventSocket(access, connections, events, dependencies.editor.windows);
  dependencies.activity.feed.hearWhile(() => socket.showsCalls);
  return {
    callback: requestListener({
      access,
      connections,
      clientTokens,
      findVmcp: (idOrName) => vmcps.find(idOrName),
      mcp: dependencies.mcp,
      rest: lazyListener(async () => {
        const { createRestApp } = await import('./createRestApp.ts');
        return createRestApp(dependencies, clientTokens, socket.leases);
      }, log),
      log,
    }),
    handleUpgrade: (server) => socket.attach(server),
    connections,
    leases: socket.leases,
    close: () => {
      socket.close();
      clientTokens.close();
    },
  };
}
