import type { Database } from './database.ts';

/** Which tools were ever called, as far back as the log and its sums reach. */
export interface ToolUse {
  used: { vmcpId: string; serverId: string; tool: string }[];
  /** Milliseconds since 1970 of the first operation known; undefined where there is none. */
  since: number | undefined;
}

export function queryToolUse(database: Database): ToolUse {
  const used = database.lists(
    `SELECT DISTINCT vmcp_id, server_id, tool FROM log_groups
     WHERE method = 'tools/call' AND tool <> ''`,
  );
  const { since } = database.first(
    `SELECT min(at) AS since FROM
       (SELECT min(at) AS at FROM logs UNION ALL SELECT min(day) FROM daily)`,
  );
  return {
    used: used.map(([vmcpId, serverId, tool]) => ({
      vmcpId: String(vmcpId),
      serverId: String(serverId),
      tool: String(tool),
    })),
    since: since === null || since === undefined ? undefined : Number(since),
  };
}
