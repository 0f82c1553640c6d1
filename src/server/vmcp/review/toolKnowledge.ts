import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JsonObject } from '../../../contract/json.ts';
import type { CatalogRecord } from '../../store/records.ts';
import { findSuspiciousText, type SuspiciousText } from './findSuspiciousText.ts';
import { fingerprint } from './fingerprint.ts';

const sliceMs = 4;

/** Fingerprints and findings of tools, each computed once for a definition. */
export class ToolKnowledge {
  readonly #fingerprints = new WeakMap<JsonObject, string>();
  readonly #findings = new WeakMap<JsonObject, SuspiciousText[]>();

  fingerprint(tool: JsonObject): string {
    const known = this.#fingerprints.get(tool);
    if (known !== undefined) return known;
    const made = fingerprint(tool);
    this.#fingerprints.set(tool, made);
    return made;
  }

  findings(tool: JsonObject): SuspiciousText[] {
    const known = this.#findings.get(tool);
    if (known) return known;
    const found = findSuspiciousText(tool);
    this.#findings.set(tool, found);
    return found;
  }

  /** All findings in tools, read in slices, so that other work gets its turn between. */
  async findingsIn(tools: readonly JsonObject[]): Promise<(SuspiciousText & { tool: string })[]> {
    const all: (SuspiciousText & { tool: string })[] = [];
    let began = performance.now();
    for (const tool of tools) {
      for (const finding of this.findings(tool)) all.push({ ...finding, tool: String(tool.name) });
      if (performance.now() - began < sliceMs) continue;
      await nextTurn();
      began = performance.now();
    }
    return all;
  }

  fingerprints(tools: ReadonlyMap<string, JsonObject>): Map<string, string> {
    return new Map([...tools].map(([name, tool]) => [name, this.fingerprint(tool)]));
  }

  /** Cheap where nothing changed, which is so for most tools most of the time. */
  isSame(a: JsonObject, b: JsonObject): boolean {
    if (a === b || JSON.stringify(a) === JSON.stringify(b)) return true;
    return this.fingerprint(a) === this.fingerprint(b);
  }
}

/** The tools of a catalog as vMCPs take them: the first of each name. */
export function toolsByName(catalog: CatalogRecord | undefined): ReadonlyMap<string, JsonObject> {
  const tools = new Map<string, JsonObject>();
  for (const tool of catalog?.tools ?? []) {
    const { name } = tool;
    if (typeof name === 'string' && name !== '' && !tools.has(name)) tools.set(name, tool);
  }
  return tools;
}
