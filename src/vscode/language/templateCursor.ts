/** What is being typed at the end of a text. */
export type TemplateCursor =
  /** `@`, `@pa`: the kind of a reference. */
  | { wants: 'kind'; typed: string }
  /** `@param.x`, `@config:k`, `{{x`: a name; `length` is how much of it stands there. */
  | { wants: 'param' | 'config' | 'variable'; length: number }
  /** `@tool.server.to`, `@tool(server.to`: an item. */
  | { wants: 'tool' | 'prompt' | 'resource'; length: number; form: 'dot' | 'parenthesis' }
  /** Inside of the parentheses of a call. */
  | { wants: 'argument'; kind: 'tool' | 'prompt'; item: string; given: string[]; length: number };

const nameAtEnd = /@(param|config)[.:]([A-Za-z0-9_]*)$/;
const itemAtEnd = /@(tool|prompt|resource)([.(])([^()\s,"'@]*)$/;
const variableAtEnd = /\{\{[#^&]?\s*([A-Za-z0-9_.]*)$/;
const kindAtEnd = /(?<![A-Za-z0-9_@])@([a-z]*)$/;

/** Says what of a reference stands before the cursor; undefined: none does. @param before the text up to it */
export function templateCursor(before: string): TemplateCursor | undefined {
  const name = nameAtEnd.exec(before);
  if (name) return { wants: name[1] as 'param' | 'config', length: name[2]?.length ?? 0 };
  const item = itemAtEnd.exec(before);
  if (item) {
    const wants = item[1] as 'tool' | 'prompt' | 'resource';
    const form = item[2] === '(' ? 'parenthesis' : 'dot';
    return { wants, length: item[3]?.length ?? 0, form };
  }
  const variable = variableAtEnd.exec(before);
  if (variable) return { wants: 'variable', length: variable[1]?.length ?? 0 };
  const argument = argumentAtEnd(before);
  if (argument) return argument;
  const kind = kindAtEnd.exec(before);
  return kind ? { wants: 'kind', typed: kind[1] ?? '' } : undefined;
}

/** Longer calls are not looked into: this runs at every key. */
const longestCall = 2000;

function argumentAtEnd(before: string): TemplateCursor | undefined {
  const tail = before.slice(-longestCall);
  for (const call of [
    ...tail.matchAll(/@(tool|prompt)(?:\.([^\s(@]+)\(|\(([^\s,()@]+),)/g),
  ].reverse()) {
    const inside = tail.slice((call.index ?? 0) + call[0].length);
    const last = lastArgument(inside);
    if (!last) continue;
    const kind = call[1] as 'tool' | 'prompt';
    return { wants: 'argument', kind, item: call[2] ?? call[3] ?? '', ...last };
  }
  return undefined;
}

/** The names that are given, and how much of the next is typed; undefined: no name is being typed. */
function lastArgument(inside: string): { given: string[]; length: number } | undefined {
  let depth = 0;
  let quote = '';
  let start = 0;
  const parts: string[] = [];
  for (const [index, character] of [...inside].entries()) {
    if (quote !== '') {
      if (character === quote && inside[index - 1] !== '\\') quote = '';
      continue;
    }
    if (character === '"' || character === "'") quote = character;
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth < 0) return undefined;
    if (character === ',' && depth === 0) {
      parts.push(inside.slice(start, index));
      start = index + 1;
    }
  }
  const typed = inside.slice(start).trimStart();
  if (quote !== '' || depth > 0 || !/^\w*$/.test(typed)) return undefined;
  const given = parts.flatMap((part) => /^\s*(\w+)\s*[:=]/.exec(part)?.[1] ?? []);
  return { given, length: typed.length };
}
