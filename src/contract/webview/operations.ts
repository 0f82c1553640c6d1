import * as z from 'zod';
import { endpointSchema } from '../admin.ts';
import {
  callServerToolSchema,
  callToolResultSchema,
  callToolSchema,
  checkedToolSchema,
  checkToolSchema,
  getPromptResultSchema,
  getPromptSchema,
  getServerPromptSchema,
  previewTemplateSchema,
  promptsBodySchema,
  readResourceResultSchema,
  readResourceSchema,
  resourcesBodySchema,
  templateNamesSchema,
  templatePreviewSchema,
  toolsBodySchema,
  triedToolSchema,
  tryToolSchema,
} from '../operations.ts';
import { connectResultSchema, mcpServerSchema, serverCatalogSchema } from '../servers.ts';
import {
  logEntrySchema,
  logPageQuerySchema,
  logPageSchema,
  statsFilterSchema,
  statsOverviewSchema,
  unusedToolsSchema,
} from '../stats.ts';
import { updateVmcpSchema, vmcpSchema } from '../vmcps.ts';

/** One REST operation that a webview may ask its window for. */
export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `{name}` stands for a path parameter. */
  path: `/api/${string}`;
  /** What may stand in the query; without it there is none. */
  query?: z.ZodObject;
  /** What the server takes; it checks it and names the wrong field. Without it there is no body. */
  body?: z.ZodType;
  /** Of the answer, for the types: the server is trusted. */
  reply: z.ZodType;
  /** Milliseconds for the whole; 15 s where it is left out. */
  timeoutMs?: number;
}

/** A tool may run as long as the server lets it. */
const callMs = 15 * 60_000;
const connectMs = 45_000;
/** Checking code may have to start an interpreter, and wait for its end. */
const checkMs = 60_000;

/**
 * Everything that webviews may ask for, each page a part of it: a window forwards nothing else, so
 * that a page can never reach what starts programs or hands out tokens.
 */
export const operations = {
  listVmcps: { method: 'GET', path: '/api/vmcps', reply: z.array(vmcpSchema) },
  getVmcp: { method: 'GET', path: '/api/vmcps/{vmcp_id}', reply: vmcpSchema },
  updateVmcp: {
    method: 'PUT',
    path: '/api/vmcps/{vmcp_id}',
    body: updateVmcpSchema,
    reply: vmcpSchema,
  },
  getEndpoint: { method: 'GET', path: '/api/vmcps/{vmcp_id}/endpoint', reply: endpointSchema },
  listTools: { method: 'GET', path: '/api/vmcps/{vmcp_id}/tools', reply: toolsBodySchema },
  listPrompts: { method: 'GET', path: '/api/vmcps/{vmcp_id}/prompts', reply: promptsBodySchema },
  listResources: {
    method: 'GET',
    path: '/api/vmcps/{vmcp_id}/resources',
    reply: resourcesBodySchema,
  },
  callTool: {
    method: 'POST',
    path: '/api/vmcps/{vmcp_id}/tools/call',
    body: callToolSchema,
    reply: callToolResultSchema,
    timeoutMs: callMs,
  },
  getPrompt: {
    method: 'POST',
    path: '/api/vmcps/{vmcp_id}/prompts/get',
    body: getPromptSchema,
    reply: getPromptResultSchema,
    timeoutMs: callMs,
  },
  readResource: {
    method: 'POST',
    path: '/api/vmcps/{vmcp_id}/resources/read',
    body: readResourceSchema,
    reply: readResourceResultSchema,
    timeoutMs: callMs,
  },
  tryCustomTool: {
    method: 'POST',
    path: '/api/vmcps/{vmcp_id}/custom-tools/try',
    body: tryToolSchema,
    reply: triedToolSchema,
    timeoutMs: callMs,
  },
  previewTemplate: {
    method: 'POST',
    path: '/api/vmcps/{vmcp_id}/templates/preview',
    body: previewTemplateSchema,
    reply: templatePreviewSchema,
  },
  checkTool: {
    method: 'POST',
    path: '/api/vmcps/{vmcp_id}/custom-tools/check',
    body: checkToolSchema,
    reply: checkedToolSchema,
    timeoutMs: checkMs,
  },
  listTemplateNames: {
    method: 'GET',
    path: '/api/vmcps/{vmcp_id}/templates/names',
    reply: templateNamesSchema,
  },
  callServerTool: {
    method: 'POST',
    path: '/api/mcp-servers/{server_id}/tools/call',
    body: callServerToolSchema,
    reply: callToolResultSchema,
    timeoutMs: callMs,
  },
  getServerPrompt: {
    method: 'POST',
    path: '/api/mcp-servers/{server_id}/prompts/get',
    body: getServerPromptSchema,
    reply: getPromptResultSchema,
    timeoutMs: callMs,
  },
  readServerResource: {
    method: 'POST',
    path: '/api/mcp-servers/{server_id}/resources/read',
    body: readResourceSchema,
    reply: readResourceResultSchema,
    timeoutMs: callMs,
  },
  listServers: { method: 'GET', path: '/api/mcp-servers', reply: z.array(mcpServerSchema) },
  getCatalog: {
    method: 'GET',
    path: '/api/mcp-servers/{server_id}/catalog',
    reply: serverCatalogSchema,
  },
  connectServer: {
    method: 'POST',
    path: '/api/mcp-servers/{server_id}/connect',
    reply: connectResultSchema,
    timeoutMs: connectMs,
  },
  getOverview: {
    method: 'GET',
    path: '/api/stats/overview',
    query: statsFilterSchema,
    reply: statsOverviewSchema,
  },
  getLogPage: {
    method: 'GET',
    path: '/api/stats/logs',
    query: logPageQuerySchema,
    reply: logPageSchema,
  },
  getLogEntry: { method: 'GET', path: '/api/stats/logs/{log_id}', reply: logEntrySchema },
  getUnusedTools: { method: 'GET', path: '/api/stats/unused-tools', reply: unusedToolsSchema },
} as const satisfies Record<string, Operation>;

export type Operations = typeof operations;
export type OperationName = keyof Operations;

/** The names between braces in a path. */
type PathNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathNames<Rest>
  : never;

/** What a webview gives with an operation: path parameters, query and body, where it has them. */
export type OperationInput<N extends OperationName> = ([PathNames<Operations[N]['path']>] extends [
  never,
]
  ? { params?: undefined }
  : { params: Record<PathNames<Operations[N]['path']>, string> }) &
  (Operations[N] extends { query: infer Q extends z.ZodType }
    ? { query: z.input<Q> }
    : { query?: undefined }) &
  (Operations[N] extends { body: infer B extends z.ZodType }
    ? { body: z.input<B> }
    : { body?: undefined });

/** What an operation answers. */
export type OperationReply<N extends OperationName> = z.output<Operations[N]['reply']>;
