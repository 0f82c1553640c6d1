import type { ServerRecord } from '../../../contract/servers.ts';
import type { Selection, VmcpProblem, VmcpRecord } from '../../../contract/vmcps.ts';
import type { CatalogRecord } from '../../store/records.ts';
import { serverTag } from '../naming/uris.ts';

/** One enabled server of a vMCP, with everything that its part of the lists is made from. */
export interface ServerPart {
  /** Position in the record's `mcp_servers`. */
  index: number;
  part: VmcpRecord['mcp_servers'][number];
  server: ServerRecord;
  /** Undefined while the server was never seen. */
  catalog: CatalogRecord | undefined;
  tag: string;
}

/** Something found while compiling: a problem, and where it stands in the vMCP's body. */
export interface CompileIssue {
  problem: VmcpProblem;
  /** Like `mcp_servers.0.overrides.add.arguments.a`. */
  path: string;
  /** What is wrong there, where `problem` says it with its place. */
  reason?: string;
  /** Set where a change that brings this in must be refused. */
  refusal?: 'conflict' | 'invalid';
}

/** What a part is made from. */
export interface PartSources {
  server(serverId: string): ServerRecord | undefined;
  catalog(serverId: string): CatalogRecord | undefined;
}

/** The enabled servers of a vMCP, by priority, then as written. */
export function serverParts(record: VmcpRecord, sources: PartSources): ServerPart[] {
  return record.mcp_servers
    .flatMap((part, index): ServerPart[] => {
      const server = sources.server(part.server_id);
      if (!server?.enabled) return [];
      const tag = serverTag(server.server_id, server.name);
      return [{ index, part, server, catalog: sources.catalog(server.server_id), tag }];
    })
    .sort((a, b) => a.part.priority - b.part.priority || a.index - b.index);
}

/** Tells whether a selection holds a name or URI. */
export function selector(selection: Selection): (id: string) => boolean {
  if (selection === 'all') return () => true;
  const chosen = new Set(selection);
  return (id) => chosen.has(id);
}

/** Selected names that the server does not have (any more). */
export function missingSelections(
  { index, part, server, catalog }: ServerPart,
  field: 'tools' | 'prompts' | 'resources',
  present: ReadonlySet<string>,
): CompileIssue[] {
  const selection = part[field];
  if (selection === 'all' || !catalog) return [];
  return selection.flatMap((id, position) => {
    if (present.has(id)) return [];
    const message = `${server.name} has no ${field.slice(0, -1)} "${id}"`;
    const problem: VmcpProblem = { server_id: server.server_id, message };
    if (field === 'tools') problem.tool = id;
    return [{ problem, path: `mcp_servers.${index}.${field}.${position}` }];
  });
}
