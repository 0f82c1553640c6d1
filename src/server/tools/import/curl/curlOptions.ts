import type { ParseArgsConfig } from 'node:util';

/** Options with a value that say what is sent, with their letters. */
const meaningful = {
  ...{ request: 'X', header: 'H', user: 'u', cookie: 'b', 'user-agent': 'A', referer: 'e' },
  ...{ url: '', 'url-query': '', 'oauth2-bearer': '', 'max-time': 'm', range: 'r' },
  ...{ data: 'd', 'data-ascii': '', 'data-binary': '', 'data-raw': '', 'data-urlencode': '' },
  ...{ json: '', form: 'F', 'form-string': '' },
};

/** Options with a value that change nothing that a tool does. */
const harmlessWithValue = {
  ...{ output: 'o', 'write-out': 'w', 'cookie-jar': 'c', 'dump-header': 'D', stderr: '' },
  ...{ 'connect-timeout': '', retry: '', 'retry-delay': '', 'retry-max-time': '' },
  ...{ 'max-redirs': '', trace: '', 'trace-ascii': '', 'limit-rate': '', 'speed-time': 'y' },
  ...{ 'speed-limit': 'Y', 'keepalive-time': '', 'output-dir': '', 'create-file-mode': '' },
};

/** Options with a value that a tool has no equal of. */
const leftOutWithValue = {
  ...{ proxy: 'x', 'proxy-user': 'U', 'proxy-header': '', noproxy: '', preproxy: '', socks5: '' },
  ...{ 'socks5-hostname': '', cert: 'E', 'cert-type': '', key: '', 'key-type': '', cacert: '' },
  ...{ capath: '', pass: '', ciphers: '', 'tls-max': '', 'upload-file': 'T', config: 'K' },
  ...{ resolve: '', 'connect-to': '', interface: '', 'dns-servers': '', 'unix-socket': '' },
  ...{ 'continue-at': 'C', 'time-cond': 'z', 'ftp-port': 'P', quote: 'Q', 'telnet-option': 't' },
  ...{ proto: '', 'proto-default': '', 'aws-sigv4': '', 'netrc-file': '', pinnedpubkey: '' },
  ...{ 'max-filesize': '', 'request-target': '', hsts: '' },
};

const harmlessFlags = {
  ...{ silent: 's', 'show-error': 'S', verbose: 'v', include: 'i', location: 'L', fail: 'f' },
  ...{ 'no-buffer': 'N', 'remote-name': 'O', 'remote-header-name': 'J', globoff: 'g' },
  ...{ disable: 'q', 'progress-bar': '#', ipv4: '4', ipv6: '6', parallel: 'Z', 'http1.0': '0' },
  ...{ tlsv1: '1', 'tlsv1.2': '', 'tlsv1.3': '', 'http1.1': '', http2: '', http3: '' },
  ...{ compressed: '', 'fail-with-body': '', 'no-progress-meter': '', 'no-keepalive': '' },
  ...{ 'tcp-nodelay': '', 'path-as-is': '', basic: '', 'create-dirs': '' },
};

const otherFlags = { get: 'G', head: 'I', next: ':', insecure: 'k', netrc: 'n' };

/** The options of curl as `parseArgs` of Node wants them; unknown ones are taken for flags. */
export const curlOptions: NonNullable<ParseArgsConfig['options']> = {
  ...declared({ ...meaningful, ...harmlessWithValue, ...leftOutWithValue }, 'string'),
  ...declared({ ...harmlessFlags, ...otherFlags }, 'boolean'),
};

/** Whether an option changes nothing that a tool does. */
export function isHarmless(name: string): boolean {
  return Object.hasOwn(harmlessWithValue, name) || Object.hasOwn(harmlessFlags, name);
}

function declared(letters: Record<string, string>, type: 'string' | 'boolean') {
  const entries = Object.entries(letters).map(([name, short]) => {
    return [name, { type, ...(short !== '' && { short }) }] as const;
  });
  return Object.fromEntries(entries);
}
