import * as z from 'zod';
import { timestampSchema } from './common.ts';

/** MCP clients whose configuration files are read and written. */
export const clientSchema = z.enum([
  'vscode',
  'project',
  'claude-desktop',
  'claude-code',
  'cursor',
  'windsurf',
  'codex',
  'copilot-cli',
]);
export type Client = z.infer<typeof clientSchema>;

/** What only a window knows of where files are. */
export const clientPlacesSchema = z.strictObject({
  /** Absolute paths of the folders that are open. */
  workspace_folders: z.array(z.string().min(1)).max(100).default([]),
  /** Where VS Code keeps its user's files; found by the platform's rule where it is left out. */
  vscode_user_folder: z.string().min(1).optional(),
});
export type ClientPlaces = z.infer<typeof clientPlacesSchema>;

/** A configuration file of a client, whether or not it exists. */
export const clientFileSchema = z.object({
  file_id: z.string(),
  client: clientSchema,
  /** The client's name and, where it has more than one file, which it is. */
  title: z.string(),
  path: z.string(),
  /** `workspace`: it may be committed, so that no token is ever written into it. */
  scope: z.enum(['user', 'workspace']),
  exists: z.boolean(),
  /** Whether vMCP writes into it; some are only read. */
  writable: z.boolean(),
  /** How many servers stand in it. */
  servers: z.number().int(),
  /** Why it cannot be read. */
  problem: z.string().optional(),
});
export type ClientFile = z.infer<typeof clientFileSchema>;

/** POST /api/clients/files */
export const clientFilesBodySchema = z.strictObject({
  places: clientPlacesSchema.prefault({}),
});
export const clientFilesSchema = z.object({ files: z.array(clientFileSchema) });

/** `launcher`: a program that finds or starts the server; `url`: an address, with a token where one is needed. */
export const entryFormSchema = z.enum(['launcher', 'url']);
export type EntryForm = z.infer<typeof entryFormSchema>;

/** POST /api/clients/entry: the text of a vMCP's entry, to be pasted into a client's file. */
export const clientEntryBodySchema = z.strictObject({
  vmcp_id: z.string(),
  client: clientSchema,
  form: entryFormSchema.default('launcher'),
});
export const clientEntrySchema = z.object({
  language: z.enum(['json', 'toml']),
  text: z.string(),
  /** Opens the client with a question whether to add the entry. */
  install_link: z.string().optional(),
});
export type ClientEntry = z.infer<typeof clientEntrySchema>;

/** POST /api/clients/exports/preview */
export const exportBodySchema = z.strictObject({
  vmcp_id: z.string(),
  places: clientPlacesSchema.prefault({}),
  file_id: z.string(),
  form: entryFormSchema.default('launcher'),
});
export type ExportBody = z.infer<typeof exportBodySchema>;

export const exportPreviewSchema = z.object({
  path: z.string(),
  exists: z.boolean(),
  /** What the entry is called in the file. */
  name: z.string(),
  /** `add`: a new entry; `update`: this vMCP's entry is there and changes; `none`: it is as it should be. */
  change: z.enum(['add', 'update', 'none']),
  language: z.enum(['json', 'toml']),
  before: z.string(),
  after: z.string(),
  /** Of the bytes before; the export is refused where they have changed. */
  before_hash: z.string(),
});
export type ExportPreview = z.infer<typeof exportPreviewSchema>;

/** POST /api/clients/exports */
export const writeExportSchema = exportBodySchema.extend({ before_hash: z.string() });
export type WriteExport = z.infer<typeof writeExportSchema>;

export const writtenExportSchema = z.object({
  /** Undoes it, by POST /api/clients/exports/{export_id}/undo. */
  export_id: z.string(),
  path: z.string(),
  name: z.string(),
  /** A copy of the file as it was; null where there was none. */
  backup: z.string().nullable(),
});
export type WrittenExport = z.infer<typeof writtenExportSchema>;

/** GET /api/clients/exports: what can still be undone, the newest first. */
export const exportListSchema = z.object({
  exports: z.array(
    writtenExportSchema
      .omit({ backup: true })
      .extend({ written_at: timestampSchema, changed_since: z.boolean() }),
  ),
});
export type ListedExport = z.infer<typeof exportListSchema>['exports'][number];
