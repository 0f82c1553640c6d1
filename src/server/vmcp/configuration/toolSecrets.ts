import type { CustomTool } from '../../../contract/customItems.ts';
import { secretMask } from '../../../contract/secretMask.ts';
import type { VmcpRecord } from '../../../contract/vmcps.ts';
import { InvalidError } from '../../appErrors.ts';
import { secretNames } from '../../store/secretNames.ts';
import type { SecretStore } from '../../store/secretStore.ts';
import { isOnlyReferences } from '../../template/isOnlyReferences.ts';
import { isCredentialName } from '../../tools/import/credentialNames.ts';
import { withoutScheme } from '../../upstream/configVariables.ts';
import { type MapCredential, mapAuth, mapMembers } from './credentials.ts';
import type { SecretSlot } from './secretSlots.ts';

/**
 * A vMCP's tools with the mask in place of their literal credentials, and the credentials (as JSON,
 * like all secrets of a vMCP). What only refers (`@config.key`) stays readable.
 */
export function separateToolSecrets({
  vmcp_id,
  custom_tools,
}: Pick<VmcpRecord, 'vmcp_id' | 'custom_tools'>): { masked: CustomTool[]; slots: SecretSlot[] } {
  const slots: SecretSlot[] = [];
  const masked = custom_tools.map((tool, index) =>
    mapCredentials(tool, (field, value) => {
      if (value === '' || isOnlyReferences(withoutScheme(value))) return value;
      slots.push({
        name: secretNames.vmcpTool(vmcp_id, tool.name, field),
        path: `custom_tools.${index}.api_config.${field}`,
        value: value === secretMask ? secretMask : JSON.stringify(value),
        remedy: 'enter it, or give the name that a renamed tool had before as "previous_name"',
      });
      return secretMask;
    }),
  );
  return { masked, slots };
}

/**
 * A tool with its credentials in place.
 * @throws InvalidError that names a credential that was never given, AppError `locked`
 */
export function withToolSecrets<Tool extends CustomTool>(
  tool: Tool,
  vmcpId: string,
  secrets: SecretStore,
): Tool {
  const complete = revealToolSecrets(tool, { vmcpId, under: tool.name }, secrets);
  mapCredentials(complete, (field, value) => {
    if (value !== secretMask) return value;
    throw new InvalidError(
      `The credential api_config.${field} of tool "${tool.name}" was never given; enter it`,
      `api_config.${field}`,
    );
  });
  return complete;
}

/**
 * A tool with the credentials that are stored under a tool's name in place of the mask.
 * @throws AppError `locked`
 */
export function revealToolSecrets<Tool extends CustomTool>(
  tool: Tool,
  { vmcpId, under }: { vmcpId: string; under: string },
  secrets: SecretStore,
): Tool {
  return mapCredentials(tool, (field, value) => {
    if (value !== secretMask) return value;
    const stored = secrets.get(secretNames.vmcpTool(vmcpId, under, field));
    return stored === undefined ? value : String(JSON.parse(stored));
  });
}

/** The paths are those in `api_config`. */
function mapCredentials<Tool extends CustomTool>(tool: Tool, map: MapCredential): Tool {
  if (tool.tool_type !== 'http') return tool;
  const { api_config } = tool;
  const { auth, headers, query_params, cookies } = api_config;
  return {
    ...tool,
    api_config: {
      ...api_config,
      auth: mapAuth(auth, map),
      headers: mapMembers(headers, 'headers', map, isCredentialName),
      query_params: mapMembers(query_params, 'query_params', map, isCredentialName),
      ...(cookies && { cookies: mapMembers(cookies, 'cookies', map) }),
    },
  };
}
