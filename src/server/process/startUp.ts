import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from '../../contract/admin.ts';
import { launcherScriptFile } from '../../contract/storageFolders.ts';
import type { EventBus } from '../events.ts';
import { type Listening, type ListenOptions, listen, PortInUseError } from '../http/listen.ts';
import { loadOrCreateKeyFile } from '../store/keyFile.ts';
import type { Store } from '../store/store.ts';
import type { Flags } from './flags.ts';
import { answers, keepPort, keptPort, pickPort } from './keptPort.ts';

/**
 * The key of the secrets from the key file, which is made where there is none. A server that a window
 * started waits for the window's key, unless the folder was used headless before and has the file.
 */
export async function keyFromFile(
  secretsKey: Flags['secretsKey'],
  dataDir: string,
): Promise<Uint8Array | undefined> {
  const file = join(dataDir, 'secrets.key');
  if (secretsKey === 'window' && !existsSync(file)) return undefined;
  return loadOrCreateKeyFile(file);
}

/**
 * Listens on the wanted port. `auto` is the port this storage folder keeps; if another program has
 * it, a temporary one serves for this run and a problem tells so.
 * @throws PortInUseError for a port given by number
 */
export async function listenOn(
  port: Flags['port'],
  app: Omit<ListenOptions, 'port'>,
  store: Store,
  events: EventBus,
): Promise<Listening> {
  if (port !== 'auto') return listen({ ...app, port });
  const kept = keptPort(store);
  if (kept === undefined) {
    const listening = await listen({ ...app, port: await pickPort() });
    await keepPort(store, listening.port);
    return listening;
  }
  const listening = (await isTaken(kept)) ? undefined : await listenUnlessTaken(app, kept);
  if (listening) return listening;
  const temporary = await listen({ ...app, port: await pickPort() });
  events.publish({
    type: 'problem',
    code: 'port_taken',
    message: `Port ${kept} is in use by another program; vMCP listens on ${temporary.port} for now.`,
  });
  return temporary;
}

async function isTaken(port: number): Promise<boolean> {
  return (await answers(port, '127.0.0.1')) || (await answers(port, '::1'));
}

async function listenUnlessTaken(
  app: Omit<ListenOptions, 'port'>,
  port: number,
): Promise<Listening | undefined> {
  try {
    return await listen({ ...app, port });
  } catch (error) {
    if (error instanceof PortInUseError) return undefined;
    throw error;
  }
}

/** The entry by which other clients start the launcher: no port and no token in it. */
export function launcherEntry(
  programFolder: string,
  dataDir: string,
  vmcpId: string,
): Endpoint['launcher'] {
  const args = ['--data-dir', dataDir, '--vmcp', vmcpId];
  const script = launcherScriptFile(dataDir);
  if (process.platform !== 'win32' && existsSync(script)) {
    return { command: '/bin/sh', args: [script, ...args], env: {} };
  }
  const installed = join(dataDir, 'bin', 'launcher.js');
  const program = existsSync(installed) ? installed : join(programFolder, 'launcher.js');
  return {
    command: process.execPath,
    args: [program, ...args],
    env: process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' },
  };
}
