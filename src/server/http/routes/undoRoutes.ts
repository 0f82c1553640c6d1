import { messageBodySchema } from '../../../contract/common.ts';
import type { Deletions } from '../../vmcp/deletions/deletions.ts';
import { type Route, route } from './route.ts';

/** /api/undo: taking deletions back. */
export function undoRoutes({ deletions }: { deletions: Deletions }): Route[] {
  return [
    route('post', '/api/undo/{undo_id}', {
      summary: 'Restore what a DELETE took: ids, secrets, files, memberships and listed names',
      reply: messageBodySchema,
      handle: async ({ params }) => ({
        message: `${await deletions.undo(params.undo_id)} restored`,
      }),
    }),
    route('delete', '/api/undo/{undo_id}', {
      summary: 'Make a deletion final at once: its secrets and files go',
      reply: messageBodySchema,
      handle: async ({ params }) => {
        await deletions.forget(params.undo_id);
        return { message: 'The deletion is final' };
      },
    }),
  ];
}
