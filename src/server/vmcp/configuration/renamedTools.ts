import type { UpdateVmcp, VmcpRecord } from '../../../contract/vmcps.ts';
import { InvalidError } from '../../appErrors.ts';
import type { SecretStore } from '../../store/secretStore.ts';
import { revealToolSecrets } from './toolSecrets.ts';

/**
 * The body of a PUT with the credentials of renamed tools (`previous_name`) in place, which are stored
 * under their former names.
 * @throws InvalidError for a former name that no tool has, AppError `locked`
 */
export function withRenamedTools(
  body: UpdateVmcp,
  { vmcp_id, custom_tools }: VmcpRecord,
  secrets: SecretStore,
): UpdateVmcp {
  if (!body.custom_tools) return body;
  const tools = body.custom_tools.map(({ previous_name, ...tool }, index) => {
    if (previous_name === undefined || previous_name === tool.name) return tool;
    if (!custom_tools.some(({ name }) => name === previous_name)) {
      const path = `custom_tools.${index}.previous_name`;
      throw new InvalidError(`There is no custom tool "${previous_name}"`, path);
    }
    return revealToolSecrets(tool, { vmcpId: vmcp_id, under: previous_name }, secrets);
  });
  return { ...body, custom_tools: tools };
}
