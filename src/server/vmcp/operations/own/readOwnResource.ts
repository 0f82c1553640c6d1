import type { StoredResource } from '../../../../contract/customItems.ts';
import type { JsonObject } from '../../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../../contract/jsonRpc.ts';
import { errorCode } from '../../../files.ts';
import type { Operation } from '../operation.ts';

const textType = /^text\/|[/+](json|xml|yaml|javascript|ecmascript|toml|sql|csv)$|^image\/svg/i;

/**
 * `resources/read` of a resource of the vMCP's own.
 * @throws RpcError −32603 where its file is missing
 */
export async function readOwnResource(
  { files, request }: Operation,
  { uri, name, mime_type, text, file }: StoredResource,
): Promise<JsonObject> {
  const about = { uri, mimeType: mime_type };
  if (!file) {
    if (text !== undefined) return { contents: [{ ...about, text }] };
    throw new RpcError(rpcCodes.internalError, `Resource "${name}" has no content yet; upload it`);
  }
  const bytes = await files.read(request.vmcpId, file).catch((error: unknown) => {
    const message = `The file of resource "${name}" cannot be read (${errorCode(error)})`;
    throw new RpcError(rpcCodes.internalError, `${message}; upload it again`);
  });
  const decoded = textType.test(mime_type.split(';', 1)[0] ?? '') ? decode(bytes) : undefined;
  return {
    contents: [
      decoded === undefined
        ? { ...about, blob: bytes.toString('base64') }
        : { ...about, text: decoded },
    ],
  };
}

/** Bytes as text; undefined where they are no UTF-8, whatever the type says. */
function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
