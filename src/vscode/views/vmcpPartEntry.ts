import { isSelected, type Part } from '../../contract/parts.ts';
import type { ToolFinding } from '../../contract/toolChanges.ts';
import type { ExposedTools, ToolOverride, VmcpServer } from '../../contract/vmcps.ts';
import { contextValues } from '../ids.ts';
import type { Translate } from '../translate.ts';
import { findingLines, partEntry, partTooltip, tokensText } from './partEntry.ts';
import { escapeMarkdown, firstLine, joined, type TreeEntry } from './treeEntry.ts';

/** What is known of the size of a tool, and how a vMCP lists it. */
export interface ToolFacts {
  /** As its server offers it. */
  tokens: number | undefined;
  /** What in its texts people should look at. */
  findings: readonly ToolFinding[];
  /** As the vMCP lists it, where it does. */
  exposed: ExposedTools['tools'][number] | undefined;
}

/** A tool, prompt or resource of a server in a vMCP, with its tick. */
export function vmcpPartEntry(
  vmcpServer: VmcpServer,
  part: Part,
  { tokens, findings, exposed }: ToolFacts,
  t: Translate,
): TreeEntry {
  const checked = isSelected(vmcpServer[part.kind], part.key);
  const contextValue = `${contextValues.vmcpPart}.${part.kind}.${checked ? 'on' : 'off'}`;
  const entry = { ...partEntry(part, undefined, findings, t), checked, contextValue };
  if (part.kind !== 'tools') return entry;
  const overrides = vmcpServer.overrides;
  const override = Object.hasOwn(overrides, part.key) ? overrides[part.key] : undefined;
  const size = exposed?.tokens ?? tokens;
  const lines = [
    ...(exposed ? [t('Listed as `{0}`', exposed.name)] : []),
    ...findingLines(findings, t),
    ...overrideLines(override, t),
    ...(size === undefined ? [] : [tokensText(size, t)]),
  ];
  const changes = overrideText(override, t);
  return {
    ...entry,
    description: joined(
      size === undefined ? undefined : tokensText(size, t),
      changes || firstLine(override?.description ?? part.description),
    ),
    tooltip: partTooltip(part, lines),
  };
}

/** What a vMCP says differently of a tool, in a few words. */
export function overrideText(override: ToolOverride | undefined, t: Translate): string {
  if (!override) return '';
  const given = Object.values(override.arguments ?? {});
  const fixed = given.filter(({ value }) => value !== undefined).length;
  const hidden = given.filter(({ value, hidden }) => value === undefined && hidden).length;
  const defaults = given.filter((one) => one.default !== undefined).length;
  return joined(
    override.name === undefined ? undefined : t('renamed to {0}', override.name),
    override.description === undefined ? undefined : t('own description'),
    fixed > 0 ? t('{0} fixed', fixed) : undefined,
    hidden > 0 ? t('{0} hidden', hidden) : undefined,
    defaults > 0 ? t('{0} defaulted', defaults) : undefined,
  );
}

/** The same in whole, as lines of Markdown. */
function overrideLines(override: ToolOverride | undefined, t: Translate): string[] {
  if (!override) return [];
  const lines = Object.entries(override.arguments ?? {}).flatMap(([name, one]) => {
    const argument = escapeMarkdown(name);
    if (one.value !== undefined) return [t('{0} is always {1}', argument, shown(one.value))];
    if (one.hidden) return [t('{0} is hidden', argument)];
    if (one.default !== undefined)
      return [t('{0} is {1} by default', argument, shown(one.default))];
    return one.description === undefined ? [] : [t('{0} has an own description', argument)];
  });
  if (override.name !== undefined)
    lines.unshift(t('Renamed to {0}', escapeMarkdown(override.name)));
  if (override.description !== undefined) lines.push(escapeMarkdown(override.description));
  return lines;
}

function shown(value: unknown): string {
  return escapeMarkdown(firstLine(JSON.stringify(value)));
}
