import type { Template } from '../../../src/server/template/template.ts';

const left = new Set(['start', 'end', 'written', 'whole', 'problems', 'nodes', 'dialect']);

/** The pieces of a template without places and spellings. */
export function plainTemplate({ pieces }: Template): unknown[] {
  return JSON.parse(JSON.stringify(pieces, (key, value) => (left.has(key) ? undefined : value)));
}
