import type { JsonValue } from '../../src/contract/json.ts';
import type { ArgumentOverride, ToolOverride } from '../../src/contract/vmcps.ts';
import { own, withMember } from '../shared/own.ts';
import { everything, type ServerForm, type VmcpForm } from './form.ts';

/** What a vMCP does with an argument. */
export type ArgumentMode = 'open' | 'fixed' | 'default' | 'hidden';

export function modeOf({ value, hidden, default: fallback }: ArgumentOverride): ArgumentMode {
  if (value !== undefined) return 'fixed';
  if (hidden) return 'hidden';
  return fallback === undefined ? 'open' : 'default';
}

/** The override in another mode; its value goes along, its description stays. */
export function withMode(override: ArgumentOverride, mode: ArgumentMode, first: JsonValue) {
  const { value, default: fallback, description } = override;
  const given = (value ?? fallback ?? first) as ArgumentOverride['value'];
  return {
    ...(mode === 'fixed' && { value: given }),
    ...(mode === 'default' && { default: given }),
    ...(mode === 'hidden' && { hidden: true }),
    ...(description !== undefined && { description }),
  };
}

/** The form with one server's part changed. */
export function changeServer(
  form: VmcpForm,
  serverId: string,
  change: (part: ServerForm) => ServerForm,
): VmcpForm {
  const part = change(own(form.servers, serverId) ?? everything);
  return { ...form, servers: withMember(form.servers, serverId, part) };
}

/** The form with one tool's override changed; one that changes nothing is left out. */
export function changeOverride(
  form: VmcpForm,
  serverId: string,
  tool: string,
  change: (override: ToolOverride) => ToolOverride,
): VmcpForm {
  return changeServer(form, serverId, (part) => {
    const next = change(own(part.overrides, tool) ?? {});
    const kept = Object.keys(next).length > 0 ? next : undefined;
    return { ...part, overrides: withMember(part.overrides, tool, kept) };
  });
}

/** The override with one text set; an empty one is left out, so that the server's own holds. */
export function withText(
  override: ToolOverride,
  member: 'name' | 'title' | 'description',
  text: string,
): ToolOverride {
  const { [member]: _, ...others } = override;
  return text === '' ? others : { ...others, [member]: text };
}

/** The override with one argument's part changed; what changes nothing is left out. */
export function withArgument(
  override: ToolOverride,
  argument: string,
  next: ArgumentOverride,
): ToolOverride {
  const { arguments: before = {}, ...others } = override;
  const kept = Object.keys(next).length > 0 ? next : undefined;
  const all = withMember(before, argument, kept);
  return Object.keys(all).length > 0 ? { ...others, arguments: all } : others;
}
