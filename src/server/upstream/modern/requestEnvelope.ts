import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import type { JsonRpcRequest } from '../../../contract/jsonRpc.ts';
import type { ServerRecord } from '../../../contract/servers.ts';
import { isModernMetaKey, metaKeys, modernVersion } from '../../protocol/modernProtocol.ts';
import type { Caller } from '../caller.ts';
import { declaredCapabilities } from '../declaredCapabilities.ts';
import type { PendingCall } from '../pendingCall.ts';

/** Its methods would have to reach the server that made the task; they are not relayed. */
const tasksExtension = 'io.modelcontextprotocol/tasks';

/** Words requests for a server that knows nothing but the request itself (MCP 2026-07-28, basic). */
export class RequestEnvelope {
  readonly #own: JsonObject;

  /** @param version vMCP's own */
  constructor(
    private readonly server: ServerRecord,
    version: string,
  ) {
    this.#own = {
      [metaKeys.protocolVersion]: modernVersion,
      [metaKeys.clientInfo]: { name: 'vmcp', version },
      [metaKeys.clientCapabilities]: declaredCapabilities(server),
    };
  }

  /** `_meta` of a request: that of its client, else of vMCP itself. */
  meta(caller: Caller | undefined): JsonObject {
    if (caller === undefined) return this.#own;
    const { capabilities, clientInfo, logLevel } = caller.party;
    return {
      ...this.#own,
      ...(isImplementation(clientInfo) && { [metaKeys.clientInfo]: clientInfo }),
      [metaKeys.clientCapabilities]: this.#forwarded(capabilities),
      ...(typeof logLevel === 'string' && { [metaKeys.logLevel]: logLevel }),
    };
  }

  /** As it is sent: the envelope in place of the client's, our id as progress token. */
  wrap({ id, options }: PendingCall): JsonRpcRequest {
    const { method, params, caller } = options;
    const _meta: JsonObject = Object.create(null);
    const given = isJsonObject(params?._meta) ? params._meta : {};
    for (const key of Object.keys(given)) if (!isModernMetaKey(key)) _meta[key] = given[key];
    Object.assign(_meta, this.meta(caller));
    delete _meta.progressToken;
    if (caller !== undefined) _meta.progressToken = id;
    return { jsonrpc: '2.0', id, method, params: { ...params, _meta } };
  }

  /** What the client can be asked in this era, less what is withheld from the server. */
  #forwarded(declared: JsonObject): JsonObject {
    const { tasks: _tasks, roots, extensions, ...capabilities } = declared;
    if (isJsonObject(roots)) capabilities.roots = {}; // changes cannot be told
    if (isJsonObject(extensions)) capabilities.extensions = extensions;
    for (const withheld of this.server.withheld_capabilities) delete capabilities[withheld];
    return withoutTasks(capabilities);
  }
}

/** Requests without a session need not tell all that this era wants to hear. */
function isImplementation(info: JsonObject | undefined): info is JsonObject {
  return typeof info?.name === 'string' && typeof info.version === 'string';
}

/** Capabilities without the extension for tasks. */
export function withoutTasks(capabilities: JsonObject): JsonObject {
  const { extensions, ...others } = capabilities;
  if (!isJsonObject(extensions)) return capabilities;
  const { [tasksExtension]: _, ...kept } = extensions;
  return Object.keys(kept).length === 0 ? others : { ...others, extensions: kept };
}
