import * as z from 'zod';
import { registryOptionSchema, registryServerSchema } from '../../contract/registry.ts';

/**
 * A part of a command line, a variable or a header. In `value`, `{id}` stands for the answer to a
 * question; without any, the part is as it stands.
 */
export const recipePartSchema = z.object({
  /** Of a variable or header; of an option such as `--port`, which stands before its value. */
  name: z.string().optional(),
  value: z.string().optional(),
  /** The questions whose answers are put in. */
  asks: z.array(z.string()),
  /** Left out as a whole where one of its questions has no answer. */
  optional: z.boolean(),
});
export type RecipePart = z.infer<typeof recipePartSchema>;

/** How a server is made of an option and the answers to its questions. */
export const recipeSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('stdio'),
    command: z.string(),
    args: z.array(recipePartSchema),
    env: z.array(recipePartSchema),
  }),
  z.object({
    type: z.enum(['http', 'sse']),
    url: recipePartSchema,
    headers: z.array(recipePartSchema),
  }),
]);
export type Recipe = z.infer<typeof recipeSchema>;

/** A server of the registry as it is kept: what is shown, and how it is made. */
export const registryEntrySchema = registryServerSchema.extend({
  options: z.array(registryOptionSchema.extend({ recipe: recipeSchema })),
});
export type RegistryEntry = z.infer<typeof registryEntrySchema>;
export type RegistryEntryOption = RegistryEntry['options'][number];
