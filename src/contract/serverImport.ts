import * as z from 'zod';
import { clientPlacesSchema } from './clientFiles.ts';
import { nameSchema } from './common.ts';
import { createServerSchema, mcpServerSchema, transportTypeSchema } from './servers.ts';

/** What servers are read from: a text that somebody pasted, or the files of other MCP clients. */
export const importSourceSchema = z.union([
  z.strictObject({ text: z.string().min(1).max(1_000_000) }),
  z.strictObject({ places: clientPlacesSchema, file_ids: z.array(z.string()).min(1).max(200) }),
]);
export type ImportSource = z.infer<typeof importSourceSchema>;

/** A value that the user has to give, since the configuration only refers to it. */
export const questionSchema = z.object({
  id: z.string(),
  /** For people. */
  label: z.string(),
  description: z.string(),
  required: z.boolean(),
  /** Typed hidden. */
  secret: z.boolean(),
  default: z.string().optional(),
  placeholder: z.string().optional(),
  /** The only values that are possible. */
  choices: z.array(z.string()).optional(),
});
export type Question = z.infer<typeof questionSchema>;

/** A program that is needed and cannot be found. */
export const missingProgramSchema = z.object({
  command: z.string(),
  /** What it is part of, e.g. `Node.js`. */
  product: z.string().optional(),
  /** Where that is to be had. */
  url: z.string().optional(),
});
export type MissingProgram = z.infer<typeof missingProgramSchema>;

/** One server that was found in a source. */
export const foundServerSchema = z.object({
  entry_id: z.string(),
  /** The file that it stands in; left out for a pasted text. */
  file_id: z.string().optional(),
  /** As it is called there. */
  original_name: z.string(),
  /** Legal and free here. */
  name: z.string(),
  /** `present`: the same command or address is here already, or came before, under `same_as`. */
  state: z.enum(['new', 'renamed', 'present', 'unusable']),
  same_as: z.string().optional(),
  transport_type: transportTypeSchema.optional(),
  /** The command line or the address; no value of a variable or header. */
  summary: z.string(),
  questions: z.array(questionSchema),
  /** What is not taken over as it stands there. */
  notes: z.array(z.string()),
  missing_program: missingProgramSchema.optional(),
  /** Why it is unusable. */
  problem: z.string().optional(),
  /** What is created; for pasted texts only, since the values of files stay with the server. */
  server: createServerSchema.optional(),
});
export type FoundServer = z.infer<typeof foundServerSchema>;

/** POST /api/import/servers/preview */
export const importPreviewSchema = z.object({
  /** How a pasted text was understood; `files` else. */
  kind: z.enum(['command', 'url', 'json', 'toml', 'files']),
  servers: z.array(foundServerSchema),
  /** Files that could not be read, each with its reason. */
  problems: z.array(z.object({ file_id: z.string(), path: z.string(), problem: z.string() })),
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;

/** POST /api/import/servers */
export const importServersSchema = z.strictObject({
  source: importSourceSchema,
  /** What to take of it. */
  take: z
    .array(z.strictObject({ entry_id: z.string(), name: nameSchema.optional() }))
    .min(1)
    .max(1000),
  /** Answers to the questions, by their ids. */
  answers: z.record(z.string(), z.string()).default({}),
});
export type ImportServers = z.infer<typeof importServersSchema>;

export const importedServersSchema = z.object({
  servers: z.array(mcpServerSchema),
  /** What could not be created, each with its reason; the others are there. */
  failed: z.array(z.object({ entry_id: z.string(), error: z.string() })),
  notes: z.array(z.string()),
});
export type ImportedServers = z.infer<typeof importedServersSchema>;
