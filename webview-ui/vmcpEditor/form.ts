import type {
  Selection,
  ToolOverride,
  UpdateVmcp,
  Vmcp,
  VmcpOptions,
} from '../../src/contract/vmcps.ts';
import { own } from '../shared/own.ts';

/** A server's part in the vMCP, as it is edited. */
export interface ServerForm {
  tools: Selection;
  prompts: Selection;
  resources: Selection;
  overrides: Record<string, ToolOverride>;
}

/** What the editor edits of a vMCP: plain JSON whose members can be compared one by one. */
export interface VmcpForm {
  name: string;
  description: string;
  /** Ids of the servers, the most important first. */
  order: string[];
  servers: Record<string, ServerForm>;
  config: Vmcp['active_config'];
  /** Keys of `config` whose values are secret. */
  secrets: Record<string, true>;
  system_prompt: string;
  options: VmcpOptions;
}

/** The form of a vMCP as the server holds it; secret values stand as the mask. */
export function formOf(vmcp: Vmcp): VmcpForm {
  const parts = vmcp.mcp_servers
    .map((part, index) => ({ part, index }))
    .sort((a, b) => a.part.priority - b.part.priority || a.index - b.index)
    .map(({ part }) => part);
  return {
    name: vmcp.name,
    description: vmcp.description,
    order: parts.map(({ server_id }) => server_id),
    servers: Object.fromEntries(
      parts.map(({ server_id, tools, prompts, resources, overrides }) => [
        server_id,
        { tools, prompts, resources, overrides },
      ]),
    ),
    config: vmcp.active_config,
    secrets: Object.fromEntries(vmcp.secret_keys.map((key) => [key, true as const])),
    system_prompt: vmcp.system_prompt,
    options: vmcp.options,
  };
}

/** What a new server begins with: all that it offers. */
export const everything: ServerForm = {
  tools: 'all',
  prompts: 'all',
  resources: 'all',
  overrides: {},
};

/** The body that turns `base` into `form`: only what differs, so that the rest stays as others set it. */
export function updateOf(base: VmcpForm, form: VmcpForm): UpdateVmcp {
  const same = (...keys: (keyof VmcpForm)[]) => keys.every((key) => isSame(base[key], form[key]));
  return {
    ...(!same('name') && { name: form.name }),
    ...(!same('description') && { description: form.description }),
    ...(!same('order', 'servers') && { mcp_servers: serversOf(form) }),
    ...(!same('config', 'secrets') && {
      active_config: form.config,
      secret_keys: Object.keys(form.secrets),
    }),
    ...(!same('system_prompt') && { system_prompt: form.system_prompt }),
    ...(!same('options') && { options: form.options }),
  };
}

function serversOf({ order, servers }: VmcpForm): NonNullable<UpdateVmcp['mcp_servers']> {
  return order.map((server_id, index) => {
    const part = own(servers, server_id) ?? everything;
    return { server_id, priority: index + 1, ...part };
  });
}

/** Whether two JSON values are the same; the order of an object's members does not matter. */
export function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? { '': Object.entries(member).sort(([x], [y]) => (x < y ? -1 : 1)) }
      : member,
  );
}
