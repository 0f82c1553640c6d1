import type { ApiConfig } from '../../../../contract/customItems.ts';
import type { JsonValue } from '../../../../contract/json.ts';

/** A named value; texts may hold marks. */
export interface Field {
  name: string;
  value: string;
  description?: string | undefined;
  /** Not sent in the request as it is; offered as an optional argument. */
  isOff?: boolean;
}

export type ConcreteBody =
  /** `fixed`: members that are part of what is asked, not arguments. */
  | { type: 'json'; value: JsonValue; fixed?: readonly string[] }
  | { type: 'form'; fields: Field[] }
  | { type: 'multipart'; fields: (Field & { isFile?: boolean })[] }
  | { type: 'text'; text: string; contentType?: string };

export type ConcreteAuth =
  | { type: 'bearer'; token: string }
  | { type: 'basic'; username: string; password: string }
  | { type: 'api_key'; name: string; key: string; in: 'header' | 'query' };

/** One request as an example shows it, with values in it. */
export interface ConcreteRequest {
  name: string;
  description: string;
  method: ApiConfig['method'];
  /** Scheme, host and path; query and fragment are apart. */
  address: string;
  /** By their names in the path, `/:name`. */
  pathVariables: Field[];
  query: Field[];
  headers: Field[];
  cookies: Field[];
  body?: ConcreteBody | undefined;
  auth?: ConcreteAuth | undefined;
  timeout_s?: number;
  notes: string[];
}
