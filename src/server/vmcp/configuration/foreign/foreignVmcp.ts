import type { ExportedResource } from '../../../../contract/customItems.ts';
import type { VmcpExport } from '../../../../contract/vmcps.ts';
import { isCredentialName } from '../../../tools/import/credentialNames.ts';
import { holdsTemplate } from '../../compile/holdsTemplate.ts';
import { type ForeignVmcp, foreignVmcpSchema } from './foreignFile.ts';
import { ForeignItems } from './foreignItems.ts';
import { foreignServers } from './foreignServers.ts';

/** A vMCP of a file, and what of it could not be taken over as it is. */
export interface ForeignImport {
  body: VmcpExport;
  notes: string[];
}

/** Lists of a 1xn-vmcp file that it never served itself. */
const unserved = ['custom_context', 'custom_resource_uris', 'custom_resource_templates'];

/** Whether a body looks like a file of 1xn-vmcp. */
export function isForeignVmcp(body: object): boolean {
  return 'vmcp_config' in body;
}

/**
 * A vMCP as 1xn-vmcp exports it, in our terms.
 * @throws ZodError for what is no such file
 */
export function readForeignVmcp(body: unknown): ForeignImport {
  const file = foreignVmcpSchema.parse(body);
  const notes: string[] = [];
  const items = new ForeignItems(notes);
  const system_prompt =
    typeof file.system_prompt === 'string' ? file.system_prompt : (file.system_prompt?.text ?? '');
  if (holdsTemplate(system_prompt)) {
    notes.push('References in the system prompt stay as they are written.');
  }
  for (const list of unserved) {
    const value = file[list];
    if (Array.isArray(value) && value.length > 0) notes.push(`${list} is left out.`);
  }
  return {
    body: {
      name: file.name,
      ...(file.description && { description: file.description }),
      mcp_servers: foreignServers(file.vmcp_config, notes),
      custom_tools: items.tools(file.custom_tools ?? []),
      custom_prompts: items.prompts(file.custom_prompts ?? []),
      custom_resources: resourcesOf(file),
      ...configOf(file),
      system_prompt,
    },
    notes,
  };
}

/** What stands under the name of a credential is a secret here. */
function configOf({ environment_variables }: ForeignVmcp) {
  const entries = (environment_variables ?? []).map(({ name, value }) => [name, value ?? null]);
  const active_config: NonNullable<VmcpExport['active_config']> = Object.fromEntries(entries);
  const secret_keys = Object.keys(active_config).filter(isCredentialName);
  return { active_config, secret_keys };
}

/** Their content is not in the file; importing says so. */
function resourcesOf({ custom_resources }: ForeignVmcp): ExportedResource[] {
  const seen = new Set<string>();
  return (custom_resources ?? []).flatMap((resource) => {
    const name = resource.original_filename ?? resource.resource_name?.replace('file://', '');
    if (!name || seen.has(name) || name.length > 200) return [];
    seen.add(name);
    const mime_type = resource.content_type ?? 'application/octet-stream';
    return [{ name, description: resource.description ?? '', mime_type }];
  });
}
