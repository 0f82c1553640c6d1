import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import { AppError } from '../../appErrors.ts';
import { modernCodes } from '../../protocol/modernProtocol.ts';

/** The error as clients of this era know it; undefined for one that nobody foresaw. */
export function modernError(error: unknown, params: JsonObject): RpcError | undefined {
  if (error instanceof AppError) return new RpcError(rpcCodes.invalidParams, error.message);
  if (!(error instanceof RpcError)) return undefined;
  if (error.code !== rpcCodes.resourceNotFound) return error;
  return unknownResource(error.message, params.uri, error.data);
}

/** −32002 does not exist any more: an unknown resource is a wrong parameter. */
export function unknownResource(
  message: string,
  uri: JsonObject[string],
  data?: RpcError['data'],
): RpcError {
  const more = isJsonObject(data) ? data : {};
  return new RpcError(rpcCodes.invalidParams, message, { ...more, uri });
}

/** Errors that come out of performing a request are answers like others, with one exception. */
export function statusOf({ code }: RpcError): number {
  return code === modernCodes.missingClientCapability ? 400 : 200;
}

/** What a client would have to declare in order to be asked this. */
export function missingCapability(method: string, params: JsonObject | undefined): RpcError {
  const requiredCapabilities = requirement(method, params);
  const names = Object.keys(requiredCapabilities).join(', ');
  return new RpcError(
    modernCodes.missingClientCapability,
    `The call needs ${method}, but the client did not declare the capability ${names}`,
    { requiredCapabilities },
  );
}

function requirement(method: string, params: JsonObject | undefined): JsonObject {
  if (method === 'roots/list') return { roots: {} };
  if (method === 'sampling/createMessage') {
    return { sampling: params?.tools === undefined ? {} : { tools: {} } };
  }
  return { elicitation: params?.mode === 'url' ? { url: {} } : { form: {} } };
}
