import * as z from 'zod';
import type { JsonObject, JsonValue } from './json.ts';

/** Names of vMCPs and servers; unique without regard to case. */
export const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9 _-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 space _ -');

export const timestampSchema = z.iso.datetime();

/** Every failed REST answer. */
export const errorBodySchema = z.object({ error: z.string(), detail: z.string() });
export type ErrorBody = z.infer<typeof errorBodySchema>;

export const messageBodySchema = z.object({ message: z.string() });

/** A JSON object of unknown members. */
export const jsonObjectSchema: z.ZodType<JsonObject, JsonObject> = z.record(z.string(), z.json());

/** Any JSON value. */
export const jsonValueSchema: z.ZodType<JsonValue, JsonValue> = z.json();
