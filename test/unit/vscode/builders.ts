import type { McpServer } from '../../../src/contract/servers.ts';
import type { Vmcp, VmcpServer } from '../../../src/contract/vmcps.ts';
import type { Offer } from '../../../src/vscode/inventory.ts';

const now = '2026-01-01T00:00:00Z';

/** `vscode.l10n.t` without translations. */
export function t(message: string, ...args: (string | number)[]): string {
  return message.replace(/\{(\d+)\}/g, (_, index) => String(args[Number(index)]));
}

export function aServer(changes: Partial<McpServer> = {}): McpServer {
  return {
    server_id: 'server_1',
    name: 'files',
    description: '',
    transport_type: 'stdio',
    config: { command: 'npx', args: ['-y', 'server-files'], env: {} },
    auth: { type: 'none' },
    enabled: true,
    start: 'onUse',
    call_timeout_s: 600,
    withheld_capabilities: [],
    last_connected: null,
    created_at: now,
    updated_at: now,
    status: 'disconnected',
    last_error: null,
    needs: null,
    consent: { state: 'given', request: 'request_1' },
    signed_in: null,
    catalog: null,
    ...changes,
  };
}

export function aPart(changes: Partial<VmcpServer> = {}): VmcpServer {
  return {
    server_id: 'server_1',
    name: 'files',
    priority: 1,
    tools: 'all',
    resources: 'all',
    prompts: 'all',
    overrides: {},
    ...changes,
  };
}

export function aVmcp(changes: Partial<Vmcp> = {}): Vmcp {
  const vmcp = {
    vmcp_id: 'vmcp_1',
    name: 'dev',
    description: '',
    mcp_servers: [aPart()],
    custom_tools: [],
    custom_prompts: [],
    custom_resources: [],
    active_config: {},
    secret_keys: [],
    system_prompt: '',
    options: { tool_names: 'prefixed', substitute_arguments: false, server_instructions: true },
    created_at: now,
    updated_at: now,
    problems: [],
    revision: 'r1',
    counts: { tools: 2, resources: 1, prompts: 0 },
    tokens: 150,
    tool_changes: { held_back: 0, noticed: 0 },
    ...changes,
  };
  return vmcp as Vmcp;
}

export const anOffer: Offer = {
  tools: [{ name: 'read', description: 'Reads a file.\nWhole.' }, { name: 'write' }],
  tool_tokens: [60, 20],
  findings: [],
  prompts: [{ name: 'review', description: 'Reviews.' }],
  resources: [{ uri: 'file:///a', name: 'a' }],
  resource_templates: [{ uriTemplate: 'file:///{path}', name: 'any' }],
};
