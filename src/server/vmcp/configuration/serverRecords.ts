import type {
  CreateServer,
  McpServer,
  ServerRecord,
  TransportType,
  UpdateServer,
} from '../../../contract/servers.ts';
import { InvalidError } from '../../appErrors.ts';
import type { CatalogRecord } from '../../store/records.ts';
import type { UpstreamState } from '../../upstream/upstreams.ts';
import { sumOf, type ToolSizes } from '../compile/toolSizes.ts';

type Defaults = Pick<
  ServerRecord,
  'description' | 'auth' | 'enabled' | 'start' | 'call_timeout_s' | 'withheld_capabilities'
>;

/** What a server is without a word about it. Ten minutes without progress end a call. */
const defaults: Defaults = {
  description: '',
  auth: { type: 'none' },
  enabled: true,
  start: 'onUse',
  call_timeout_s: 600,
  withheld_capabilities: [],
};

/** @throws InvalidError where `config` is of another transport */
export function newServerRecord(serverId: string, body: CreateServer, at: string): ServerRecord {
  requireFit(body.transport_type, body.config);
  return {
    server_id: serverId,
    name: body.name,
    description: body.description ?? defaults.description,
    transport_type: body.transport_type,
    config: body.config,
    auth: body.auth ?? defaults.auth,
    enabled: body.enabled ?? defaults.enabled,
    start: body.start ?? defaults.start,
    call_timeout_s: body.call_timeout_s ?? defaults.call_timeout_s,
    withheld_capabilities: body.withheld_capabilities ?? defaults.withheld_capabilities,
    last_connected: null,
    created_at: at,
    updated_at: at,
  };
}

/**
 * The record after a PUT; `updated_at` is still the old one.
 * @throws InvalidError where `config` is of another transport
 */
export function changedServerRecord(before: ServerRecord, body: UpdateServer): ServerRecord {
  const transport_type = body.transport_type ?? before.transport_type;
  const config = body.config ?? before.config;
  requireFit(transport_type, config);
  const field = <K extends keyof Defaults>(key: K): Defaults[K] => {
    const value = body[key] as Defaults[K] | null | undefined;
    return value === null ? defaults[key] : (value ?? before[key]);
  };
  return {
    ...before,
    name: body.name ?? before.name,
    transport_type,
    config,
    description: field('description'),
    auth: field('auth'),
    enabled: field('enabled'),
    start: field('start'),
    call_timeout_s: field('call_timeout_s'),
    withheld_capabilities: field('withheld_capabilities'),
  };
}

function requireFit(transport: TransportType, config: ServerRecord['config']): void {
  if (transport === 'stdio' && !('command' in config)) {
    throw new InvalidError('A stdio server needs a command', 'config.command');
  }
  if (transport !== 'stdio' && !('url' in config)) {
    throw new InvalidError(`A server over ${transport} needs a url`, 'config.url');
  }
}

/** A server as REST shows it. */
export function showServer(
  record: ServerRecord,
  state: UpstreamState & Pick<McpServer, 'signed_in' | 'consent'>,
  catalog: CatalogRecord | undefined,
  sizes: ToolSizes,
): McpServer {
  return {
    ...record,
    ...state,
    needs: state.needs ?? null,
    catalog: catalog
      ? {
          tools: catalog.tools.length,
          resources: catalog.resources.length,
          resource_templates: catalog.resource_templates.length,
          prompts: catalog.prompts.length,
          tokens: sumOf(sizes.ofTools(catalog.tools)),
          fetched_at: catalog.fetched_at,
        }
      : null,
  };
}
