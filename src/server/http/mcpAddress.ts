/** What a path under `/mcp`, `/private` or `/t` names; nothing is checked yet. */
export interface McpPath {
  /** The client token of `/t/<token>/…`. */
  token: string | null;
  /** Id or name of the vMCP, decoded. */
  vmcp: string;
  /** What follows the endpoint: `sse` and `message` are HTTP+SSE of MCP 2024-11-05. */
  rest: '' | 'sse' | 'message';
  /** The path up to `rest`, as the client wrote it; holds the token. */
  prefix: string;
}

const pattern =
  /^((?:\/t\/([^/]+))?\/(?:mcp\/([^/]+)|private\/([^/]+)\/vmcp))(?:\/(sse|message))?\/?$/;

/** Whether the path belongs to the MCP endpoint, rightly formed or not. */
export function isMcpPath(path: string): boolean {
  return path.startsWith('/mcp/') || path.startsWith('/t/') || path.startsWith('/private/');
}

/** @returns undefined where the path is no address of a vMCP */
export function parseMcpPath(path: string): McpPath | undefined {
  const match = pattern.exec(path);
  const prefix = match?.[1];
  const vmcp = decode(match?.[3] ?? match?.[4]);
  if (prefix === undefined || vmcp === undefined) return undefined;
  const rest = match?.[5] === 'sse' || match?.[5] === 'message' ? match[5] : '';
  return { token: match?.[2] ?? null, vmcp, rest, prefix };
}

/** A request target without its query. */
export function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function decode(segment: string | undefined): string | undefined {
  if (segment?.includes('%') !== true) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined; // broken percent encoding names nothing
  }
}
