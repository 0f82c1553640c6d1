import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../serverLink/linkError.ts';

export interface LauncherArguments {
  dataDir: string;
  /** Name or id of the vMCP. */
  vmcp: string;
}

const usage = 'usage: node launcher.js --vmcp NAME_OR_ID [--data-dir DIR]';

/** @throws Error that names the wrong or missing argument, and the usage */
export function parseLauncherArguments(args: readonly string[]): LauncherArguments {
  const values = parse(args);
  if (!values.vmcp) throw new Error(`--vmcp is missing: the name or id of a vMCP\n${usage}`);
  return { vmcp: values.vmcp, dataDir: resolve(values['data-dir'] ?? join(homedir(), '.vmcp')) };
}

function parse(args: readonly string[]): { 'data-dir'?: string; vmcp?: string } {
  try {
    const options = { 'data-dir': { type: 'string' }, vmcp: { type: 'string' } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new Error(`${messageOf(error)}\n${usage}`, { cause: error });
  }
}
