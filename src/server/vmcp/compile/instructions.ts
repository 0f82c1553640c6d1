import type { VmcpRecord } from '../../../contract/vmcps.ts';
import type { ServerPart } from './serverPart.ts';

/** The system prompt, then what each server says of itself under its name. */
export function vmcpInstructions(record: VmcpRecord, parts: readonly ServerPart[]): string {
  const sections = [record.system_prompt.trim()];
  if (record.options.server_instructions) {
    for (const { server, catalog } of parts) {
      const own = catalog?.instructions?.trim();
      if (own) sections.push(`## ${server.name}\n\n${own}`);
    }
  }
  return sections.filter((section) => section !== '').join('\n\n');
}
