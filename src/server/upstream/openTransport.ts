import type { ParamHeader } from '../protocol/paramHeaders.ts';
import { childEnvironment } from './childEnvironment.ts';
import type { Authorization } from './httpClient.ts';
import type { RemoteOptions } from './httpPeer.ts';
import { HttpTransport } from './httpTransport.ts';
import { ModernHttpTransport } from './modern/modernHttpTransport.ts';
import { redact } from './redact.ts';
import type { ResolvedConfig } from './serverConfig.ts';
import { SseTransport } from './sseTransport.ts';
import type { StderrTail } from './stderrTail.ts';
import { StdioTransport } from './stdioTransport.ts';
import type { Transport } from './transport.ts';
import type { UpstreamContext } from './upstreamContext.ts';

export interface TransportSpec {
  serverName: string;
  config: ResolvedConfig;
  /** Values that must not be shown. */
  secretValues: readonly string[];
  /** Sign-in at a remote server; undefined where other credentials are configured. */
  authorization: Authorization | undefined;
  stderr: StderrTail;
  context: UpstreamContext;
}

type RemoteConfig = Exclude<ResolvedConfig, { type: 'stdio' }>;

/** HTTP without sessions, of 2026-07-28; not started yet. */
export function openModernTransport(
  spec: TransportSpec,
  config: RemoteConfig,
  paramHeaders: (tool: string) => readonly ParamHeader[],
): Transport {
  return new ModernHttpTransport({ ...remoteOptions(spec, config), paramHeaders });
}

/** The transport for a configuration; not started yet. */
export function openTransport(spec: TransportSpec): Transport {
  const { serverName, config, secretValues, stderr, context } = spec;
  if (config.type !== 'stdio') {
    const options = remoteOptions(spec, config);
    return config.type === 'http' ? new HttpTransport(options) : new SseTransport(options);
  }
  return new StdioTransport({
    serverName,
    config,
    env: childEnvironment(context.env, config.env),
    reaper: context.reaper,
    log: context.log,
    redact: (text) => redact(text, secretValues),
    onStderr: stderr.writer((line) => redact(line, secretValues)),
    stderrLines: () => stderr.lines,
  });
}

function remoteOptions(spec: TransportSpec, { url, headers }: RemoteConfig): RemoteOptions {
  const { serverName, secretValues, authorization, context } = spec;
  return { serverName, url, headers, authorization, secretValues, log: context.log };
}
