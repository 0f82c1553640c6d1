import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import type { JsonRpcRequest } from '../../../contract/jsonRpc.ts';
import { isModernMetaKey, metaKeys } from '../../protocol/modernProtocol.ts';
import { isLogLevel } from '../logLevels.ts';
import { badEnvelope } from './modernRefusal.ts';

/** What every request says of its client and of itself. */
export interface Envelope {
  capabilities: JsonObject;
  clientInfo: JsonObject;
  /** undefined: no log messages are wanted. */
  logLevel: string | undefined;
  /** A string or a number; undefined: no progress is wanted. */
  progressToken: JsonValue | undefined;
}

/**
 * The envelope of a classified request, whose required keys are known to be there.
 * @throws ModernRefusal −32602 for an unknown log level
 */
export function envelopeOf({ id, params }: JsonRpcRequest): Envelope {
  const meta = isJsonObject(params?._meta) ? params._meta : {};
  const logLevel = meta[metaKeys.logLevel];
  if (logLevel !== undefined && !isLogLevel(logLevel)) {
    throw badEnvelope(id, `${metaKeys.logLevel}: unknown level ${JSON.stringify(logLevel)}`);
  }
  const capabilities = meta[metaKeys.clientCapabilities];
  const clientInfo = meta[metaKeys.clientInfo];
  return {
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    clientInfo: isJsonObject(clientInfo) ? clientInfo : {},
    logLevel,
    progressToken: meta.progressToken,
  };
}

/**
 * The parameters as the inner call knows them: without what only the edge understands, which servers
 * of the session era would take for their own (or refuse).
 */
export function innerParams(params: JsonObject): JsonObject {
  const { _meta, inputResponses: _responses, requestState: _state, task: _task, ...rest } = params;
  if (!isJsonObject(_meta)) return rest;
  let kept: JsonObject | undefined;
  for (const key of Object.keys(_meta)) {
    if (isModernMetaKey(key)) continue;
    kept ??= Object.create(null) as JsonObject; // keys are foreign: `__proto__` is one like any other
    kept[key] = _meta[key];
  }
  return kept === undefined ? rest : { ...rest, _meta: kept };
}
