import { join } from 'node:path';
import { metaKeys, modernVersion } from '../../src/server/protocol/modernProtocol.ts';
import { type Cleanup, makeTempDir } from '../support/cleanup.ts';
import { upstreams } from '../support/paths.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { bareServer, type Contender, httpContender, realServer } from './contenders.ts';

/** The built vMCP server with what the measurements need behind it. */
export interface VmcpContender {
  server: TestServer;
  rest: Rest;
  /** A vMCP of the real server alone. */
  echo: Contender;
  /** The same, called without a session, as by clients of 2026-07-28. */
  modern: Contender;
  /** A vMCP of the bare server alone. */
  bare: Contender;
  /** A vMCP of server-everything and server-filesystem. */
  two: Contender;
}

export async function startVmcp(cleanup: Cleanup): Promise<VmcpContender> {
  const server = await startServer(cleanup);
  const rest = new Rest(server.url, await server.adminToken());
  await rest.addVmcp('echo', [await rest.addNodeServer('echo', realServer)]);
  await rest.addVmcp('bare', [await rest.addNodeServer('bare', bareServer)]);
  await addTwo(cleanup, rest);
  const echo = await httpContender('vMCP', `${server.url}/mcp/echo`);
  return {
    server,
    rest,
    echo,
    modern: modernContender(echo),
    bare: await httpContender('vMCP', `${server.url}/mcp/bare`),
    two: await httpContender('vMCP', `${server.url}/mcp/two`),
  };
}

function modernContender({ target: { url }, echo }: Contender): Contender {
  const headers = {
    'mcp-protocol-version': modernVersion,
    'mcp-method': 'tools/call',
    'mcp-name': echo,
  };
  const meta = {
    [metaKeys.protocolVersion]: modernVersion,
    [metaKeys.clientInfo]: { name: 'bench', version: '1' },
    [metaKeys.clientCapabilities]: {},
  };
  return { name: 'vMCP, modern', target: { url, headers }, echo, meta };
}

/**
 * Tools that the vMCP `two` lists when it is complete. More than a plain client would see (26), since
 * server-everything shows some only to clients with capabilities, which vMCP declares.
 */
export const toolsOfTwo = 31;

/** Makes the vMCP `two` of server-everything and server-filesystem. */
export async function addTwo(cleanup: Cleanup, rest: Rest): Promise<void> {
  const folder = await makeTempDir(cleanup);
  await rest.addVmcp('two', [
    await rest.addNodeServer('everything', upstreams.everything, ['stdio']),
    await rest.addNodeServer('filesystem', upstreams.filesystem, [join(folder)]),
  ]);
}
