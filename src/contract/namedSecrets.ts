import * as z from 'zod';

/** What stands in `${secret:NAME}`. */
export const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'Use 1 to 64 of the characters A–Z a–z 0–9 _ . -');

/** A secret that configurations of servers refer to by its name. Its value is never answered. */
export const namedSecretSchema = z.object({
  name: z.string(),
  /** Ids of the servers that refer to it; empty while the secrets are locked. */
  used_by: z.array(z.string()),
});
export type NamedSecret = z.infer<typeof namedSecretSchema>;

/** PUT /api/secrets/{name} */
export const setSecretSchema = z.strictObject({ value: z.string().min(1).max(65_536) });
