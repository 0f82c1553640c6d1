import { createHash, randomUUID } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compareVersions } from './versions.ts';

/** A folder that holds a runnable server. */
export interface ServerProgram {
  version: string;
  directory: string;
}

/** Folders of copies that were begun and never finished are removed after this time. */
const abandonedAfterMs = 60 * 60 * 1000;

/**
 * Copies the server's files from the extension into `<dataDir>/bin/<version>-<hash>`, because VS Code
 * deletes an old extension folder while processes still run from it. The hash keeps two builds of
 * one version apart. `bin/launcher.js` is always the newest launcher, for the files of other clients.
 * @returns the highest version there, which may be newer than `source`: nothing ever downgrades
 */
export async function installProgram(
  dataDir: string,
  source: ServerProgram,
): Promise<ServerProgram> {
  const bin = join(dataDir, 'bin');
  const directory = join(bin, `${source.version}-${await hashFiles(source.directory)}`);
  if (!(await exists(directory))) await copyAtomically(source.directory, directory);
  const newest = await newestProgram(dataDir);
  const program =
    newest && compareVersions(newest.version, source.version) > 0
      ? newest
      : { version: source.version, directory };
  await replaceFile(join(program.directory, 'launcher.js'), join(bin, 'launcher.js'));
  return program;
}

/** The highest version installed in a storage folder, the latest build of it where there are more. */
export async function newestProgram(dataDir: string): Promise<ServerProgram | undefined> {
  let newest: (ServerProgram & { installed: number }) | undefined;
  for (const program of await installedPrograms(dataDir)) {
    const order = newest ? compareVersions(program.version, newest.version) : 1;
    if (!newest || order > 0 || (order === 0 && program.installed > newest.installed)) {
      newest = program;
    }
  }
  return newest && { version: newest.version, directory: newest.directory };
}

/** Removes what no server runs from: programs older than `running`, and abandoned copies. */
export async function removeUnusedPrograms(dataDir: string, running: ServerProgram): Promise<void> {
  for (const program of await installedPrograms(dataDir)) {
    if (program.directory === running.directory) continue;
    if (compareVersions(program.version, running.version) > 0) continue;
    await removeQuietly(program.directory);
  }
  for (const name of await list(join(dataDir, 'bin'))) {
    if (!name.startsWith('.')) continue;
    const path = join(dataDir, 'bin', name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > abandonedAfterMs) await removeQuietly(path);
  }
}

async function installedPrograms(
  dataDir: string,
): Promise<(ServerProgram & { installed: number })[]> {
  const programs = [];
  for (const name of await list(join(dataDir, 'bin'))) {
    const version = /^(\d+\.\d+\.\d+.*)-[0-9a-f]{12}$/.exec(name)?.[1];
    if (version === undefined) continue;
    const directory = join(dataDir, 'bin', name);
    const { mtimeMs } = await stat(directory).catch(() => ({ mtimeMs: 0 }));
    programs.push({ version, directory, installed: mtimeMs });
  }
  return programs;
}

/** All that is built, save what only VS Code and developers need. */
function belongsToProgram(path: string): boolean {
  return !/(^|[\\/])(extension\.js|meta\.json|.*\.map)$/.test(path);
}

/** Programs by their content; the large files beside them change with their size. */
async function hashFiles(directory: string): Promise<string> {
  const hash = createHash('sha256');
  const names = await readdir(directory, { recursive: true });
  for (const name of names.filter(belongsToProgram).sort()) {
    const path = join(directory, name);
    const { size } = await stat(path);
    hash.update(`${name.replaceAll('\\', '/')} ${size}\n`);
    if (name.endsWith('.js')) hash.update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 12);
}

async function copyAtomically(from: string, to: string): Promise<void> {
  const temporary = join(to, '..', `.${randomUUID()}`);
  await mkdir(temporary, { recursive: true });
  try {
    await cp(from, temporary, { recursive: true, filter: belongsToProgram });
    await rename(temporary, to);
  } catch (error) {
    await removeQuietly(temporary);
    // Another window was faster: its copy is the same.
    if (!(await exists(to))) throw error;
  }
}

async function replaceFile(from: string, to: string): Promise<void> {
  const content = await readFile(from);
  if ((await readFile(to).catch(() => undefined))?.equals(content)) return;
  const temporary = join(to, '..', `.${randomUUID()}`);
  try {
    await copyFile(from, temporary);
    await rename(temporary, to);
  } catch (error) {
    await removeQuietly(temporary);
    // On Windows a launcher that runs may hold the file; an older one works as well.
    if (!(await exists(to))) throw error;
  }
}

async function list(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function removeQuietly(path: string): Promise<void> {
  // A folder still in use on Windows stays until the next start.
  await rm(path, { recursive: true, force: true, maxRetries: 1 }).catch(() => undefined);
}
