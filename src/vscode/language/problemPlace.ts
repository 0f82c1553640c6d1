import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/** Where in a document something is wrong, UTF-16 units. */
export interface ProblemPlace {
  start: number;
  end: number;
}

/**
 * The place of a problem of a tool in its document: what the message says (`line 2, column 5: …`), else
 * the member that its path leads to.
 * @returns the place, and the message without it
 */
export function problemPlace(
  document: string,
  { path, message }: { path: string; message: string },
  isJson: boolean,
): ProblemPlace & { message: string } {
  const said = /^line (\d+), column (\d+): (.*)$/s.exec(message);
  if (said && !isJson) {
    const start = offsetAt(document, Number(said[1]), Number(said[2]));
    return { start, end: endOfWord(document, start), message: said[3] ?? message };
  }
  const place = isJson ? memberPlace(document, path) : undefined;
  return {
    ...(place ?? firstLine(document)),
    message: path === '' ? message : `${path}: ${message}`,
  };
}

/** The member that a path like `steps.0.if` leads to, or the last one on the way that is there. */
function memberPlace(document: string, path: string): ProblemPlace | undefined {
  const root = parseTree(document);
  if (!root || path === '') return undefined;
  const segments = path.split('.').map((each) => (/^\d+$/.test(each) ? Number(each) : each));
  for (let length = segments.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, segments.slice(0, length));
    if (node) return { start: node.offset, end: node.offset + node.length };
  }
  return undefined;
}

function offsetAt(document: string, line: number, column: number): number {
  const lines = document.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const within = Math.min(column - 1, lines[line - 1]?.length ?? 0);
  return Math.min(before + within, document.length);
}

function endOfWord(document: string, start: number): number {
  const rest = /^\w+|^./.exec(document.slice(start));
  return start + (rest?.[0].length ?? 0);
}

function firstLine(document: string): ProblemPlace {
  return { start: 0, end: document.split('\n', 1)[0]?.length ?? 0 };
}
