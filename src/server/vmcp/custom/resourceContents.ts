import type { Readable } from 'node:stream';
import type { StoredResource } from '../../../contract/customItems.ts';
import { NotFoundError } from '../../appErrors.ts';
import type { EventBus } from '../../events.ts';
import type { Vmcps } from '../configuration/vmcps.ts';
import type { ResourceFiles } from './resourceFiles.ts';

/** The content of a resource, to be sent. */
export interface ResourceContent {
  mimeType: string;
  bytes: number;
  content: Readable | string;
}

export interface ResourceContentsDeps {
  vmcps: Vmcps;
  files: ResourceFiles;
  events: EventBus;
}

/** Uploads and downloads of custom resources. */
export class ResourceContents {
  constructor(private readonly deps: ResourceContentsDeps) {}

  /**
   * Makes a file the content of a resource.
   * @param mimeType of the content; undefined: the resource's own stays
   * @throws NotFoundError, what reading the content throws
   */
  async put(
    vmcpId: string,
    name: string,
    content: AsyncIterable<Uint8Array>,
    mimeType: string | undefined,
  ): Promise<StoredResource> {
    const { vmcps, files } = this.deps;
    this.#find(vmcpId, name);
    const file = await files.write(vmcpId, content);
    try {
      const after = await vmcps.edit(vmcpId, (record, at) => {
        const known = resourceIn(record.custom_resources, name);
        const { text: _, ...rest } = known;
        const mime_type = mimeType ?? known.mime_type;
        const changed = { ...rest, mime_type, file: file.fact, updated_at: at };
        const custom_resources = record.custom_resources.map((one) =>
          one === known ? changed : one,
        );
        return { ...record, custom_resources };
      });
      const resource = resourceIn(after.custom_resources, name);
      this.deps.events.publish({ type: 'vmcp.resource', vmcp_id: vmcpId, uri: resource.uri });
      return resource;
    } finally {
      file.release();
      await files.prune(vmcpId, this.#recordOf(vmcpId));
    }
  }

  /** @throws NotFoundError where there is no such resource, or nothing in it */
  get(vmcpId: string, name: string): ResourceContent {
    const { file, text, mime_type } = this.#find(vmcpId, name);
    if (file) {
      const content = this.deps.files.stream(vmcpId, file);
      return { mimeType: mime_type, bytes: file.bytes, content };
    }
    if (text === undefined) throw new NotFoundError(`Resource "${name}" has no content yet`, name);
    return { mimeType: mime_type, bytes: Buffer.byteLength(text), content: text };
  }

  #find(vmcpId: string, name: string): StoredResource {
    return resourceIn(this.deps.vmcps.get(vmcpId).custom_resources, name);
  }

  #recordOf(vmcpId: string) {
    const { vmcps } = this.deps;
    return vmcps.find(vmcpId) === undefined ? undefined : vmcps.get(vmcpId);
  }
}

function resourceIn(resources: readonly StoredResource[], name: string): StoredResource {
  const found = resources.find((resource) => resource.name === name);
  if (!found) throw new NotFoundError(`There is no custom resource "${name}"`, name);
  return found;
}
