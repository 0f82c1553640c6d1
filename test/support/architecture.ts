import { posix } from 'node:path';

/** One source file: its path from the repository's top, with `/`, and its text. */
export interface SourceFile {
  path: string;
  text: string;
}

/** Everything a file imports or exports from, in any form. */
export function importsOf(text: string): string[] {
  const code = text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
  const statements = /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g;
  const bare = /(?<![\w/])import\s*\(?\s*['"]([^'"]+)['"]/g;
  return [...code.matchAll(statements), ...code.matchAll(bare)].map((match) => match[1] ?? '');
}

/**
 * Layers of the server, lowest first. A file may import from its own area and from lower layers;
 * areas of one layer do not know each other.
 */
const serverLayers = [
  ['store', 'template', 'instance', 'network', 'telemetry', 'protocol'],
  ['consent', 'editor'],
  ['upstream'],
  ['tools', 'activity'],
  ['vmcp'],
  ['clients'],
  ['registry', 'diagnostics'],
  ['http'],
  ['mcp'],
  ['process'],
];

/** Files of `src/server` itself that belong to no layer and may be used by all. */
const serverBasics = [
  'events',
  'log',
  'appErrors',
  'files',
  'garbage',
  'slotSet',
  'cancellation',
  'jsonText',
];

/** Which areas a file outside of the server may import from, besides its own. */
const allowedAreas: Record<string, readonly string[]> = {
  contract: [],
  serverLink: ['contract'],
  launcher: ['contract', 'serverLink'],
  reaper: [],
  pythonRunner: [],
  vscode: ['contract', 'serverLink'],
  extension: ['vscode', 'contract', 'serverLink'],
  webview: ['contract'],
};

/** What is wrong with the imports of these files, one line each. */
export function wrongImports(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    importsOf(text).flatMap((specifier) => {
      const problem = specifier.startsWith('.')
        ? wrongDirection(path, posix.join(posix.dirname(path), specifier))
        : wrongPackage(path, specifier);
      return problem ? [`${path} imports ${specifier}: ${problem}`] : [];
    }),
  );
}

function wrongPackage(path: string, specifier: string): string | undefined {
  if (specifier !== 'vscode') return undefined;
  const from = areaOf(path);
  return from === 'vscode' || from === 'extension' ? undefined : 'only src/vscode may';
}

function wrongDirection(from: string, to: string): string | undefined {
  const [source, target] = [areaOf(from), areaOf(to)];
  if (source === target && source !== undefined) return undefined;
  if (source === undefined || target === undefined) return 'outside of the known folders';
  if (source.startsWith('server/')) {
    if (target === 'contract' || target === 'reaper' || target === 'pythonRunner') return undefined;
    if (!target.startsWith('server/')) return 'the server does not know its users';
    return rankOf(target) < rankOf(source) ? undefined : 'not a lower layer';
  }
  return allowedAreas[source]?.includes(target) ? undefined : 'not allowed from this folder';
}

/** `contract`, `vscode`, `extension` …; in the server `server/<folder or file>` or `server/basics`. */
function areaOf(path: string): string | undefined {
  const [top, area, name = ''] = path.replace(/\.ts$/, '').split('/');
  if (top === 'webview-ui') return 'webview';
  if (top !== 'src') return undefined;
  if (area !== 'server') return area;
  return serverBasics.includes(name) ? 'server/basics' : `server/${name}`;
}

/** Small is low; `createServer.ts` composes everything, `runServer.ts` runs it, `main.ts` is the entry. */
function rankOf(area: string): number {
  const name = area.slice('server/'.length);
  if (name === 'basics') return 0;
  if (name === 'main') return 101;
  if (name === 'runServer') return 100;
  if (name === 'createServer') return 99;
  const layer = serverLayers.findIndex((areas) => areas.includes(name));
  return layer < 0 ? 0 : layer + 1;
}

/** Import cycles among these files, each as `a → b → a`. */
export function importCycles(files: readonly SourceFile[]): string[] {
  const graph = new Map(
    files.map(({ path, text }) => [
      path,
      importsOf(text)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => posix.join(posix.dirname(path), specifier)),
    ]),
  );
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      cycles.push([...trail.slice(start), path].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return cycles;
}

/** Source lines a file may have before it is no longer one thing. */
const mostLines = 400;

/** Files that are too long, and files with a default export. */
export function wrongShape(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - 1;
    return [
      ...(lines > mostLines ? [`${path} has ${lines} lines, more than ${mostLines}`] : []),
      ...(/^export default\b/m.test(text) ? [`${path} has a default export`] : []),
    ];
  });
}

/** npm packages that these files import, without those of Node and VS Code. */
export function packagesOf(files: readonly SourceFile[]): Set<string> {
  const names = files
    .flatMap(({ text }) => importsOf(text))
    .filter((specifier) => !/^(\.|node:|vscode$)/.test(specifier))
    .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
  return new Set(names);
}
