import type { CustomTool } from '../../contract/customItems.ts';
import type { Vmcp } from '../../contract/vmcps.ts';
import type { ItemPlace } from './documentPath.ts';

/** The tool that a document is of; undefined where there is none of that name and kind. */
export function toolAt(
  vmcp: Vmcp,
  { name, kind }: Extract<ItemPlace, { at: 'tool' }>,
): CustomTool | undefined {
  return vmcp.custom_tools.find((tool) => tool.name === name && tool.tool_type === kind);
}
