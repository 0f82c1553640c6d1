import { join } from 'node:path';

/** Where a running server tells its port and token. */
export const serverFileName = 'server.json';

/**
 * The folder that a host uses inside a storage folder that another host was using at the same
 * time, as with a home folder in a cluster. Once it is there, the host stays with it.
 */
export function hostFolder(dataDir: string, host: string): string {
  return join(dataDir, 'hosts', `host-${host.replace(/[^A-Za-z0-9_-]/g, '_')}`);
}

/** Where the `server.json` of a storage folder may be for a host; the first that is there counts. */
export function serverFiles(dataDir: string, host: string): string[] {
  return [hostFolder(dataDir, host), dataDir].map((folder) => join(folder, serverFileName));
}

/** The script by which other clients start the launcher; not on Windows. */
export function launcherScriptFile(dataDir: string): string {
  return join(dataDir, 'bin', 'launcher.sh');
}
