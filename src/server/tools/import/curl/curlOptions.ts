/** What an option of curl means here. */
export type CurlOption =
  | 'request'
  | 'header'
  | 'data'
  | 'data-raw'
  | 'data-urlencode'
  | 'json'
  | 'form'
  | 'form-string'
  | 'user'
  | 'get'
  | 'cookie'
  | 'user-agent'
  | 'referer'
  | 'url'
  | 'url-query'
  | 'head'
  | 'oauth2-bearer'
  | 'max-time'
  | 'range'
  | 'harmless'
  | 'left-out';

interface Meaning {
  option: CurlOption;
  takesValue: boolean;
}

const shortOptions: Record<string, string | undefined> = {
  ...{ X: 'request', H: 'header', d: 'data', F: 'form', u: 'user', G: 'get', b: 'cookie' },
  ...{ A: 'user-agent', e: 'referer', I: 'head', m: 'max-time', r: 'range' },
  ...{ o: 'output', w: 'write-out', c: 'cookie-jar', D: 'dump-header', x: 'proxy' },
  ...{ U: 'proxy-user', E: 'cert', T: 'upload-file', K: 'config', C: 'continue-at' },
  ...{ z: 'time-cond', y: 'speed-time', Y: 'speed-limit', P: 'ftp-port', Q: 'quote' },
  ...{ t: 'telnet-option', k: 'insecure', n: 'netrc' },
};

const meanings: Record<string, CurlOption | undefined> = {
  ...{ request: 'request', header: 'header', data: 'data', 'data-ascii': 'data' },
  ...{ 'data-binary': 'data', 'data-raw': 'data-raw', 'data-urlencode': 'data-urlencode' },
  ...{ json: 'json', form: 'form', 'form-string': 'form-string', user: 'user' },
  ...{ cookie: 'cookie', 'user-agent': 'user-agent', referer: 'referer', url: 'url' },
  ...{ 'url-query': 'url-query', 'oauth2-bearer': 'oauth2-bearer', 'max-time': 'max-time' },
  range: 'range',
};

/** Options with a value that change nothing that a tool does. */
const harmlessWithValue = new Set([
  ...['output', 'write-out', 'cookie-jar', 'dump-header', 'connect-timeout', 'retry'],
  ...['retry-delay', 'retry-max-time', 'max-redirs', 'stderr', 'trace', 'trace-ascii'],
  ...[
    'limit-rate',
    'speed-time',
    'speed-limit',
    'keepalive-time',
    'output-dir',
    'create-file-mode',
  ],
]);

/** Options with a value that a tool has no equal of. */
const leftOutWithValue = new Set([
  ...['proxy', 'proxy-user', 'proxy-header', 'noproxy', 'socks5', 'socks5-hostname', 'preproxy'],
  ...['cert', 'cert-type', 'key', 'key-type', 'cacert', 'capath', 'pass', 'ciphers', 'tls-max'],
  ...['upload-file', 'config', 'resolve', 'connect-to', 'interface', 'dns-servers', 'unix-socket'],
  ...['continue-at', 'time-cond', 'ftp-port', 'quote', 'telnet-option', 'proto', 'proto-default'],
  ...['aws-sigv4', 'netrc-file', 'pinnedpubkey', 'max-filesize', 'request-target', 'hsts'],
]);

const harmlessFlags = new Set([
  ...['silent', 'show-error', 'verbose', 'include', 'location', 'fail', 'fail-with-body'],
  ...['compressed', 'no-buffer', 'progress-bar', 'http1.0', 'http1.1', 'http2', 'http3', 'globoff'],
  ...[
    'remote-name',
    'remote-header-name',
    'no-progress-meter',
    'ipv4',
    'ipv6',
    'tlsv1.2',
    'tlsv1.3',
  ],
  ...['no-keepalive', 'tcp-nodelay', 'path-as-is', 'basic', 'create-dirs', 'parallel', 'disable'],
]);
const harmlessShortFlags = 'sSvifLNOJgq#46Z01';

/** The meaning of `--name`; of unknown ones that they are left out, without a value. */
export function longOption(name: string): Meaning {
  const option = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
  if (option !== undefined) return { option, takesValue: true };
  if (name === 'get' || name === 'head') return { option: name, takesValue: false };
  if (harmlessWithValue.has(name)) return { option: 'harmless', takesValue: true };
  if (leftOutWithValue.has(name)) return { option: 'left-out', takesValue: true };
  return { option: harmlessFlags.has(name) ? 'harmless' : 'left-out', takesValue: false };
}

/** The meaning of `-x`. */
export function shortOption(letter: string): Meaning {
  if (harmlessShortFlags.includes(letter)) return { option: 'harmless', takesValue: false };
  return longOption(shortOptions[letter] ?? letter);
}
