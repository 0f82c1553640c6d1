import { childEnvironment } from './childEnvironment.ts';
import { HttpTransport } from './httpTransport.ts';
import type { ResolvedConfig } from './serverConfig.ts';
import { SseTransport } from './sseTransport.ts';
import type { StderrTail } from './stderrTail.ts';
import { StdioTransport } from './stdioTransport.ts';
import type { Transport } from './transport.ts';
import type { UpstreamContext } from './upstreamContext.ts';

const minRedacted = 6;

export interface TransportSpec {
  serverName: string;
  config: ResolvedConfig;
  /** Values that must not be shown. */
  secretValues: readonly string[];
  stderr: StderrTail;
  context: UpstreamContext;
}

/** The transport for a configuration; not started yet. */
export function openTransport(spec: TransportSpec): Transport {
  const { serverName, config, stderr, context } = spec;
  if (config.type !== 'stdio') {
    const options = { serverName, url: config.url, headers: config.headers, log: context.log };
    return config.type === 'http' ? new HttpTransport(options) : new SseTransport(options);
  }
  return new StdioTransport({
    serverName,
    config,
    env: childEnvironment(context.env, config.env),
    reaper: context.reaper,
    log: context.log,
    onStderr: stderr.writer((line) => redact(line, spec.secretValues)),
    stderrLines: () => stderr.lines,
  });
}

/** Programs print their settings; a value too short to be a secret would only make holes. */
function redact(line: string, secretValues: readonly string[]): string {
  let text = line;
  for (const value of secretValues) {
    if (value.length >= minRedacted) text = text.replaceAll(value, '********');
  }
  return text;
}
