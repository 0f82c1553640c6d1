/** Programs that start other programs: a server is not called after them. */
const runners =
  /^(npx|bunx|uvx|pnpm|yarn|dlx|exec|run|node|python3?|docker|podman|deno|uv|pipx|dnx|cmd|sh|bash)(\.exe|\.cmd)?$/;

/** `npx -y @scope/server-files /path` → `files`. */
export function nameFromCommand(words: readonly string[]): string {
  const isName = (word: string) => !word.startsWith('-') && !runners.test(baseName(word));
  const word = words.find((candidate) => isName(candidate)) ?? words[0] ?? '';
  return baseName(word)
    .replace(/(?<=.)@[^@]*$/, '')
    .replace(/\.(js|mjs|cjs|ts|py|exe|cmd|sh)$/, '')
    .replace(/^(mcp-server|server|mcp)-|-(mcp-server|mcp|server)$/g, '');
}

/** `https://mcp.example.com/mcp` → `example`. */
export function nameFromUrl(url: string): string {
  const { hostname } = new URL(url);
  return hostname.replace(/^(www|mcp|api)\./, '').replace(/\.[a-z]+$/, '');
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
