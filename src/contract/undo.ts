import * as z from 'zod';
import { messageBodySchema, timestampSchema } from './common.ts';

/** How a deletion is undone: POST /api/undo/{undo_id} until then. */
export const deletedSchema = z.object({ undo_id: z.string(), undo_until: timestampSchema });
export type Deleted = z.infer<typeof deletedSchema>;

/** What DELETE answers where it can be undone. */
export const deletedBodySchema = messageBodySchema.extend(deletedSchema.shape);
