import { Readable } from 'node:stream';
import {
  type LogEntry,
  type LogSummary,
  logEntrySchema,
  logExportQuerySchema,
  logPageQuerySchema,
  logPageSchema,
  statsBodySchema,
  statsFilterSchema,
  statsOverviewSchema,
  statsQuerySchema,
  unusedToolsQuerySchema,
  unusedToolsSchema,
} from '../../../contract/stats.ts';
import type { ActivityLog } from '../../activity/activityLog.ts';
import { exportLog } from '../../activity/logExport.ts';
import { NotFoundError } from '../../appErrors.ts';
import type { Store } from '../../store/store.ts';
import { unusedTools } from '../../vmcp/configuration/unusedTools.ts';
import type { Vmcps } from '../../vmcp/configuration/vmcps.ts';
import { type Route, rawRoute, route } from './route.ts';

export interface StatsRouteDependencies {
  store: Store;
  activity: ActivityLog;
  vmcps: Vmcps;
}

/** /api/stats: what was done, by whom, how often. What was done before a request counts. */
export function statsRoutes(dependencies: StatsRouteDependencies): Route[] {
  return [...figureRoutes(dependencies), ...logRoutes(dependencies)];
}

function figureRoutes({ store, activity, vmcps }: StatsRouteDependencies): Route[] {
  return [
    route('get', '/api/stats', {
      summary: 'Statistics and logged operations, newest first',
      query: statsQuerySchema,
      reply: statsBodySchema,
      handle: async ({ query }) => {
        activity.flush();
        const { logs, pagination, ...stats } = await store.logs.query(query);
        return { stats: { ...stats, total_vmcps: store.collections.vmcps.size }, logs, pagination };
      },
    }),
    route('get', '/api/stats/overview', {
      summary: 'Operations added up over time and by tool, server, client, vMCP and method',
      query: statsFilterSchema,
      reply: statsOverviewSchema,
      handle: ({ query }) => {
        activity.flush();
        return store.logs.overview(query);
      },
    }),
    route('get', '/api/stats/unused-tools', {
      summary: 'Tools that are exposed and were never called',
      query: unusedToolsQuerySchema,
      reply: unusedToolsSchema,
      handle: async ({ query }) => {
        activity.flush();
        const use = await store.logs.toolUse();
        const ids = query.vmcp_id
          ? [query.vmcp_id]
          : [...store.collections.vmcps.all()].map(({ vmcp_id }) => vmcp_id);
        const compiled = ids.map((id) => vmcps.compiled(id));
        return { tools: unusedTools(compiled, use, Date.now()) };
      },
    }),
  ];
}

function logRoutes({ store, activity }: StatsRouteDependencies): Route[] {
  return [
    route('get', '/api/stats/logs', {
      summary: 'A page of logged operations, newest first, without their values',
      query: logPageQuerySchema,
      reply: logPageSchema,
      handle: async ({ query }) => {
        activity.flush();
        const { logs, next } = await store.logs.page(query);
        return { logs: logs.map(summaryOf), next };
      },
    }),
    route('get', '/api/stats/logs/{log_id}', {
      summary: 'One logged operation',
      reply: logEntrySchema,
      handle: async ({ params }) => {
        activity.flush();
        const entry = await store.logs.get(params.log_id);
        if (!entry) {
          throw new NotFoundError(`Unknown log entry “${params.log_id}”`, 'It may be pruned.');
        }
        return entry;
      },
    }),
    rawRoute('get', '/api/stats/export', {
      summary: 'Logged operations as a file (CSV or JSON), newest first',
      query: logExportQuerySchema,
      handle: ({ query: { format, ...filter } }) => {
        activity.flush();
        const content = Readable.from(exportLog(store.logs, filter, format));
        const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json';
        return { type, bytes: undefined, content };
      },
    }),
  ];
}

function summaryOf(entry: LogEntry): LogSummary {
  const { arguments: _sent, result, active_config_snapshot, ...summary } = entry;
  return summary;
}
