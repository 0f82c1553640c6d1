import type { McpServer } from '../../../contract/servers.ts';

/** A key that stands in plain text in a server's configuration. */
export interface LiteralKey {
  /** `url`, or the position among the arguments. */
  place: 'url' | number;
  start: number;
  end: number;
  /** What it is called there, such as `api-key`. */
  label: string;
}

const minLength = 8;
/** Names of credentials: `--api-key`, `GITHUB_TOKEN`, `access_token`. */
const credentialName =
  /(^|[-_.])(api-?_?key|apikey|key|token|secret|password|passwd|pat|credentials?|auth|authorization|bearer|access-?_?key|sig|signature)$/i;
/** Beginnings that providers give to their keys. */
const knownKey =
  /(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[A-Z0-9]{16}|AIza[\w-]{30,}|hf_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)/g;

/** Likely keys in a server's arguments or address; values of variables and headers are encrypted anyway. */
export function findLiteralKeys({ config }: Pick<McpServer, 'config'>): LiteralKey[] {
  if ('url' in config) return inText(config.url, 'url');
  return config.args.flatMap((arg, at) => {
    const flag = /^--?([\w.-]+)$/.exec(config.args[at - 1] ?? '')?.[1];
    const isFlagged = flag !== undefined && credentialName.test(flag) && !arg.startsWith('-');
    if (isFlagged && isKey(arg)) return [{ place: at, start: 0, end: arg.length, label: flag }];
    return inText(arg, at);
  });
}

/** A configuration with references to secrets in place of keys. */
export function withReferences(
  config: McpServer['config'],
  moves: readonly { key: LiteralKey; secret: string }[],
): McpServer['config'] {
  const replaced = (text: string, place: LiteralKey['place']) =>
    moves
      .filter(({ key }) => key.place === place)
      .toSorted((a, b) => b.key.start - a.key.start)
      .reduce((now, { key, secret }) => {
        return `${now.slice(0, key.start)}\${secret:${secret}}${now.slice(key.end)}`;
      }, text);
  if ('url' in config) return { ...config, url: replaced(config.url, 'url') };
  return { ...config, args: config.args.map((arg, at) => replaced(arg, at)) };
}

/** The text that a key stands in. */
export function textAt(config: McpServer['config'], place: LiteralKey['place']): string {
  if ('url' in config) return config.url;
  return (place === 'url' ? undefined : config.args[place]) ?? '';
}

/** A legal name that no secret has yet. */
export function secretNameFor(server: string, label: string, taken: ReadonlySet<string>): string {
  const plain = (text: string) => text.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
  const base = `${plain(server)}-${plain(label)}`.toLowerCase().slice(0, 60);
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(name)) return name;
  }
}

function inText(text: string, place: LiteralKey['place']): LiteralKey[] {
  const found: LiteralKey[] = [];
  const add = (start: number, value: string, label: string) => {
    const end = start + value.length;
    const isInside = found.some((other) => start < other.end && other.start < end);
    if (isKey(value) && !isInside) found.push({ place, start, end, label });
  };
  // --token=…, TOKEN=…, and parameters of addresses
  for (const match of text.matchAll(/(?<=^-{0,2}|[?&])([\w.-]+)=([^&#\s]+)/g)) {
    const [whole, name = '', value = ''] = match;
    if (!credentialName.test(name)) continue;
    add(match.index + whole.length - value.length, value, name);
  }
  for (const match of text.matchAll(/:\/\/([^/\s:@]+):([^/\s@]+)@/g)) {
    add(match.index + 4 + (match[1]?.length ?? 0), match[2] ?? '', 'password');
  }
  const header = /^([\w-]+):\s*(?:(?:bearer|basic|token)\s+)?(\S+)$/i.exec(text);
  if (header?.[1] && header[2] && credentialName.test(header[1])) {
    add(text.length - header[2].length, header[2], header[1]);
  }
  for (const match of text.matchAll(knownKey)) add(match.index, match[0], 'key');
  return found;
}

function isKey(text: string): boolean {
  return text.length >= minLength && !text.includes('${') && !/^(\/|\.{1,2}\/|https?:)/.test(text);
}
