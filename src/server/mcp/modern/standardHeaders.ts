import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '../../../contract/json.ts';
import type { RequestId } from '../../../contract/jsonRpc.ts';
import { decodeHeaderValue } from '../../protocol/headerValue.ts';
import { nameParameterOf } from '../../protocol/standardNames.ts';
import { headerMismatch } from './modernRefusal.ts';

/** Headers that repeat parts of the body; undefined where they are missing. */
export interface StandardHeaders {
  protocolVersion: string | undefined;
  method: string | undefined;
  name: string | undefined;
}

export function standardHeadersOf(headers: IncomingHttpHeaders): StandardHeaders {
  return {
    protocolVersion: single(headers['mcp-protocol-version']),
    method: single(headers['mcp-method']),
    name: single(headers['mcp-name']),
  };
}

/**
 * All that must be there is there, and `Mcp-Name` says what the body says.
 * @throws ModernRefusal −32020
 */
export function checkStandardHeaders(
  { id, method, params }: { id: RequestId; method: string; params: JsonObject },
  headers: StandardHeaders,
): void {
  if (headers.protocolVersion === undefined) throw missing(id, 'MCP-Protocol-Version');
  if (headers.method === undefined) throw missing(id, 'Mcp-Method');
  const key = nameParameterOf(method);
  const named = key === undefined ? undefined : params[key];
  if (typeof named !== 'string') return; // that the parameter is missing is said by its method
  if (headers.name === undefined) throw missing(id, 'Mcp-Name');
  const name = decodeHeaderValue(headers.name);
  if (name === undefined) throw headerMismatch(id, 'Mcp-Name holds invalid base64');
  if (name !== named) {
    throw headerMismatch(id, `Mcp-Name is “${name}”, but params.${key} is “${named}”`);
  }
}

function missing(id: RequestId, name: string) {
  return headerMismatch(id, `The header ${name} is missing`);
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
