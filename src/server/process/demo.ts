import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Servers } from '../vmcp/configuration/servers.ts';
import type { Vmcps } from '../vmcp/configuration/vmcps.ts';
import { demoItems } from './demoItems.ts';

/** The vMCP that a demo makes. */
export const demoName = 'demo';

export interface DemoParts {
  dataDir: string;
  /** Where the server answers, for a tool that asks it. */
  url: string;
  servers: Servers;
  vmcps: Vmcps;
}

/**
 * Makes two servers and a vMCP of them with a tool of every kind, for a first try; does nothing where
 * something is stored. It is imported, which starts no interpreter for the Python tool.
 */
export async function makeDemo({ dataDir, url, servers, vmcps }: DemoParts): Promise<void> {
  if (servers.list().length > 0 || vmcps.list().length > 0) return;
  const folder = join(dataDir, 'demo');
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'hello.txt'),
    'This file is served by the filesystem server of the demo.\n',
  );
  await vmcps.import(
    {
      name: demoName,
      description: 'Two servers and tools of its own behind one address',
      mcp_servers: [
        {
          name: 'everything',
          description: 'Every feature of MCP, for trying out',
          transport_type: 'stdio',
          config: program('@modelcontextprotocol/server-everything', ['stdio']),
        },
        {
          name: 'filesystem',
          description: 'Files of the demo folder',
          transport_type: 'stdio',
          config: program('@modelcontextprotocol/server-filesystem', [folder]),
        },
      ],
      ...demoItems(url),
    },
    'user',
  );
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
