import type { ApiConfig, HttpTool, Variable } from '../../../contract/customItems.ts';

const maxDescription = 4000;

export interface ToolParts {
  name: string;
  title?: string | undefined;
  description: string;
  variables: Variable[];
  api: Partial<ApiConfig> & Pick<ApiConfig, 'method' | 'url'>;
  importedFrom: string;
}

/** An HTTP tool with everything else as it is by default. */
export function makeHttpTool(parts: ToolParts): HttpTool {
  const { name, title, description, variables, api, importedFrom } = parts;
  const annotations = annotationsOf(api.method);
  return {
    name,
    ...(title !== undefined && title !== '' && { title: title.slice(0, 200) }),
    description: description.trim().slice(0, maxDescription),
    variables,
    keywords: [],
    enabled: true,
    ...(annotations && { annotations }),
    tool_type: 'http',
    api_config: {
      headers: {},
      query_params: {},
      body_type: 'json',
      auth: { type: 'none' },
      timeout_s: 30,
      max_response_bytes: 10 * 1024 * 1024,
      ...api,
    },
    imported_from: importedFrom,
  };
}

/** What a method promises (RFC 9110, section 9.2), as MCP's hints. */
function annotationsOf(method: ApiConfig['method']): HttpTool['annotations'] {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return { readOnlyHint: true };
    case 'PUT':
      return { idempotentHint: true };
    case 'DELETE':
      return { destructiveHint: true, idempotentHint: true };
    default:
      return undefined;
  }
}
