import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Servers } from '../vmcp/configuration/servers.ts';
import type { Vmcps } from '../vmcp/configuration/vmcps.ts';

/** The vMCP that a demo makes. */
export const demoName = 'demo';

/** Makes two servers and a vMCP of them, for a first try; does nothing where something is stored. */
export async function makeDemo(dataDir: string, servers: Servers, vmcps: Vmcps): Promise<void> {
  if (servers.list().length > 0 || vmcps.list().length > 0) return;
  const folder = join(dataDir, 'demo');
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'hello.txt'),
    'This file is served by the filesystem server of the demo.\n',
  );
  const everything = await servers.create({
    name: 'everything',
    description: 'Every feature of MCP, for trying out',
    transport_type: 'stdio',
    config: program('@modelcontextprotocol/server-everything', ['stdio']),
  });
  const filesystem = await servers.create({
    name: 'filesystem',
    description: 'Files of the demo folder',
    transport_type: 'stdio',
    config: program('@modelcontextprotocol/server-filesystem', [folder]),
  });
  await vmcps.create({
    name: demoName,
    description: 'Two servers behind one address',
    mcp_servers: [{ server_id: everything.server_id }, { server_id: filesystem.server_id }],
  });
}

/** The installed package where there is one, else `npx`. */
function program(name: string, args: string[]) {
  try {
    const entry = createRequire(__filename).resolve(`${name}/dist/index.js`);
    return { command: process.execPath, args: [entry, ...args], env: {} };
  } catch {
    return { command: 'npx', args: ['-y', name, ...args], env: {} }; // not installed beside us
  }
}
