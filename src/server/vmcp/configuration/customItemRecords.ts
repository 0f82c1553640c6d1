import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { CustomResource, StoredResource } from '../../../contract/customItems.ts';
import type { CreateVmcp, UpdateVmcp, VmcpRecord } from '../../../contract/vmcps.ts';
import { ConflictError } from '../../appErrors.ts';

type CustomItems = Pick<VmcpRecord, 'custom_tools' | 'custom_prompts' | 'custom_resources'>;

/**
 * A vMCP's own items after a PUT: a list that the body holds replaces the former one.
 * @param at timestamp of what is new
 * @throws ConflictError for a name that stands in a list twice
 */
export function changedCustomItems(
  before: VmcpRecord,
  body: UpdateVmcp | CreateVmcp,
  at: string,
): CustomItems {
  const after: CustomItems = {
    custom_tools: replaced(body.custom_tools, before.custom_tools),
    custom_prompts: replaced(body.custom_prompts, before.custom_prompts),
    custom_resources:
      body.custom_resources === undefined
        ? before.custom_resources
        : changedResources(before, body.custom_resources ?? [], at),
  };
  for (const [list, items] of Object.entries(after)) requireDistinct(list, items);
  return after;
}

function replaced<T>(value: T[] | null | undefined, before: T[]): T[] {
  return value === null ? [] : (value ?? before);
}

function requireDistinct(list: string, items: readonly { name: string }[]): void {
  const seen = new Set<string>();
  for (const [index, { name }] of items.entries()) {
    if (seen.has(name)) {
      throw new ConflictError(`"${name}" stands in the list twice`, `${list}.${index}.name`);
    }
    seen.add(name);
  }
}

/**
 * A resource is the one with its URI, else the one with its name. It keeps URI and file; a text takes
 * the place of a file, and so does `null`.
 */
function changedResources(
  { vmcp_id, custom_resources }: VmcpRecord,
  inputs: readonly CustomResource[],
  at: string,
): StoredResource[] {
  const taken = new Set<StoredResource>();
  const find = (matches: (known: StoredResource) => boolean) =>
    custom_resources.find((known) => !taken.has(known) && matches(known));
  return inputs.map((input) => {
    const known = find(({ uri }) => uri === input.uri) ?? find(({ name }) => name === input.name);
    if (known) taken.add(known);
    const keepsFile = input.text === undefined && input.file !== null;
    const uri = known?.uri ?? newResourceUri(vmcp_id);
    const file = keepsFile ? (known?.file ?? null) : null;
    const resource = { ...input, uri, file, updated_at: known?.updated_at ?? at };
    return isDeepStrictEqual(resource, known) ? resource : { ...resource, updated_at: at };
  });
}

/** An address that was never given out, and stays whatever the resource is called. */
export function newResourceUri(vmcpId: string): string {
  return `vmcp://${vmcpId}/${randomUUID().replaceAll('-', '')}`;
}
