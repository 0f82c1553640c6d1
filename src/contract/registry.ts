import * as z from 'zod';
import { nameSchema } from './common.ts';
import { missingProgramSchema, questionSchema } from './serverImport.ts';
import { transportTypeSchema } from './servers.ts';

/** Where servers are looked up, unless a setting says otherwise. */
export const defaultRegistryUrl = 'https://registry.modelcontextprotocol.io';

/** One way to have a server: a package that is run here, or an address. */
export const registryOptionSchema = z.object({
  option_id: z.string(),
  /** For people, e.g. `npm package @scope/server 1.2.0`. */
  title: z.string(),
  transport_type: transportTypeSchema,
  /** The command line or the address, with the names of what is asked for in braces. */
  summary: z.string(),
  questions: z.array(questionSchema),
});
export type RegistryOption = z.infer<typeof registryOptionSchema>;

/** A server that can be added. All texts are from outside. */
export const registryServerSchema = z.object({
  registry_id: z.string(),
  title: z.string(),
  description: z.string(),
  /** `built-in`: one of the remote servers that vMCP knows itself. */
  source: z.enum(['built-in', 'registry']),
  /** Empty where it is in none. */
  category: z.string(),
  version: z.string(),
  /** Empty, or http(s) addresses. */
  website: z.string(),
  repository: z.string(),
  /** Null where it is not known. */
  requires_auth: z.boolean().nullable(),
  options: z.array(registryOptionSchema),
});
export type RegistryServer = z.infer<typeof registryServerSchema>;

/** GET /api/registry/servers */
export const registryQuerySchema = z.object({
  search: z.string().max(200).optional(),
  category: z.string().max(100).optional(),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  page_size: z.coerce.number().int().min(1).max(100).default(50),
  /** `true`: asks the registry again, however new the copy is. */
  refresh: z.enum(['true', 'false']).default('false'),
});
export type RegistryQuery = z.infer<typeof registryQuerySchema>;

export const registryPageSchema = z.object({
  servers: z.array(registryServerSchema),
  total: z.number().int(),
  page: z.number().int(),
  page_size: z.number().int(),
  categories: z.array(z.string()),
  registry: z.object({
    url: z.string(),
    /** `none`: nothing is known of it; `loading`: it is being read; `copy`: the copy on this disk. */
    state: z.enum(['none', 'loading', 'copy']),
    /** When the copy was made. */
    fetched_at: z.iso.datetime().nullable(),
    /** How many of its servers are known. */
    servers: z.number().int(),
    /** Why it could not be read the last time. */
    problem: z.string().nullable(),
  }),
});
export type RegistryPage = z.infer<typeof registryPageSchema>;

/** GET /api/registry/servers/{registry_id} */
export const registryDetailsSchema = registryServerSchema.extend({
  options: z.array(
    registryOptionSchema.extend({ missing_program: missingProgramSchema.optional() }),
  ),
  /** Legal and free here. */
  name: nameSchema,
});
export type RegistryDetails = z.infer<typeof registryDetailsSchema>;

/** POST /api/registry/servers/{registry_id}/add */
export const addRegistryServerSchema = z.strictObject({
  option_id: z.string(),
  name: nameSchema,
  /** Answers to the option's questions, by their ids. */
  answers: z.record(z.string(), z.string()).default({}),
});
export type AddRegistryServer = z.infer<typeof addRegistryServerSchema>;
