import { isSame, type VmcpForm } from './form.ts';

/** Two changes of the same thing put together. */
export interface Merged<T> {
  value: T;
  /** Where both changed the same differently, like `['servers', id, 'tools']`. There mine stands. */
  conflicts: string[][];
}

/**
 * Puts two changes of one vMCP together, member by member; lists are taken as a whole.
 * @param base what both began with
 */
export function mergeEdits(base: VmcpForm, mine: VmcpForm, theirs: VmcpForm): Merged<VmcpForm> {
  const order = mergeOrder(base.order, mine.order, theirs.order);
  const conflicts: string[][] = [];
  const versions = [base, mine, theirs].map((form) => ({ ...form, order })) as Versions;
  const value = mergeAt(versions, [], conflicts) as VmcpForm;
  const { servers } = value;
  const kept = order.filter((id) => Object.hasOwn(servers, id));
  const returned = Object.keys(servers).filter((id) => !order.includes(id));
  return { value: { ...value, order: [...kept, ...returned] }, conflicts };
}

/** My order, with what they added at its end and without what they took out. */
function mergeOrder(base: string[], mine: string[], theirs: string[]): string[] {
  if (isSame(base, mine)) return theirs;
  const added = theirs.filter((id) => !base.includes(id) && !mine.includes(id));
  return [...mine.filter((id) => theirs.includes(id) || !base.includes(id)), ...added];
}

type Versions = [base: unknown, mine: unknown, theirs: unknown];

function mergeAt([base, mine, theirs]: Versions, path: string[], conflicts: string[][]): unknown {
  if (isSame(mine, theirs) || isSame(base, theirs)) return mine;
  if (isSame(base, mine)) return theirs;
  if (!isRecord(base) || !isRecord(mine) || !isRecord(theirs)) {
    conflicts.push(path);
    return mine;
  }
  const names = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
  const merged: [string, unknown][] = [];
  for (const name of names) {
    const versions = [base, mine, theirs].map((each) => member(each, name)) as Versions;
    const value = mergeAt(versions, [...path, name], conflicts);
    if (value !== undefined) merged.push([name, value]);
  }
  return Object.fromEntries(merged);
}

function member(record: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The form with what stands at a path in `source` put in there. */
export function takeAt(form: VmcpForm, source: VmcpForm, path: readonly string[]): VmcpForm {
  const taken = replaceAt(form, source, path) as VmcpForm;
  return { ...taken, order: taken.order.filter((id) => Object.hasOwn(taken.servers, id)) };
}

function replaceAt(target: unknown, source: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined || !isRecord(target) || !isRecord(source)) return source;
  const value = replaceAt(member(target, name), member(source, name), rest);
  const others = Object.entries(target).filter(([key]) => key !== name);
  return Object.fromEntries(value === undefined ? others : [...others, [name, value]]);
}
