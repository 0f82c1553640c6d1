import { logEntrySchema, statsBodySchema, statsQuerySchema } from '../../../contract/stats.ts';
import type { ActivityLog } from '../../activity/activityLog.ts';
import { NotFoundError } from '../../appErrors.ts';
import type { Store } from '../../store/store.ts';
import { type Route, route } from './route.ts';

export interface StatsRouteDependencies {
  store: Store;
  activity: ActivityLog;
}

/** /api/stats: what was done, by whom, how often. */
export function statsRoutes({ store, activity }: StatsRouteDependencies): Route[] {
  return [
    route('get', '/api/stats', {
      summary: 'Statistics and logged operations, newest first',
      query: statsQuerySchema,
      reply: statsBodySchema,
      handle: async ({ query }) => {
        activity.flush(); // what was done before this request counts
        const { logs, pagination, ...stats } = await store.logs.query(query);
        return { stats: { ...stats, total_vmcps: store.collections.vmcps.size }, logs, pagination };
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
  ];
}
