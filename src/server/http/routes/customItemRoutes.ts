import * as z from 'zod';
import {
  customPromptSchema,
  customResourceSchema,
  customToolSchema,
  storedResourceSchema,
} from '../../../contract/customItems.ts';
import { deletedBodySchema } from '../../../contract/undo.ts';
import type { CustomItems } from '../../vmcp/custom/customItems.ts';
import { type Route, route } from './route.ts';

export interface CustomItemRouteDependencies {
  customItems: CustomItems;
}

/** /api/vmcps/{vmcp_id}/custom-tools and its kin: a vMCP's own items one by one. */
export function customItemRoutes(dependencies: CustomItemRouteDependencies): Route[] {
  return [
    ...toolRoutes(dependencies),
    ...promptRoutes(dependencies),
    ...resourceRoutes(dependencies),
  ];
}

function toolRoutes({ customItems }: CustomItemRouteDependencies): Route[] {
  return [
    route('get', '/api/vmcps/{vmcp_id}/custom-tools', {
      summary: 'List the custom tools of a vMCP',
      reply: z.array(customToolSchema),
      handle: ({ params }) => customItems.all(params.vmcp_id, 'custom_tools'),
    }),
    route('post', '/api/vmcps/{vmcp_id}/custom-tools', {
      summary: 'Add a custom tool',
      body: customToolSchema,
      status: 201,
      reply: customToolSchema,
      handle: ({ params, body }) => customItems.add(params.vmcp_id, 'custom_tools', body),
    }),
    route('get', '/api/vmcps/{vmcp_id}/custom-tools/{name}', {
      summary: 'Get a custom tool',
      reply: customToolSchema,
      handle: ({ params }) => customItems.get(params.vmcp_id, 'custom_tools', params.name),
    }),
    route('put', '/api/vmcps/{vmcp_id}/custom-tools/{name}', {
      summary: 'Replace a custom tool; another name renames it, the mask keeps a credential',
      body: customToolSchema,
      reply: customToolSchema,
      handle: ({ params, body }) =>
        customItems.replace(params.vmcp_id, 'custom_tools', params.name, body),
    }),
    route('delete', '/api/vmcps/{vmcp_id}/custom-tools/{name}', {
      summary: 'Delete a custom tool',
      reply: deletedBodySchema,
      handle: async ({ params }) => {
        const undo = await customItems.remove(params.vmcp_id, 'custom_tools', params.name);
        return { message: 'Custom tool deleted successfully', ...undo };
      },
    }),
  ];
}

function promptRoutes({ customItems }: CustomItemRouteDependencies): Route[] {
  return [
    route('get', '/api/vmcps/{vmcp_id}/custom-prompts', {
      summary: 'List the custom prompts of a vMCP',
      reply: z.array(customPromptSchema),
      handle: ({ params }) => customItems.all(params.vmcp_id, 'custom_prompts'),
    }),
    route('post', '/api/vmcps/{vmcp_id}/custom-prompts', {
      summary: 'Add a custom prompt',
      body: customPromptSchema,
      status: 201,
      reply: customPromptSchema,
      handle: ({ params, body }) => customItems.add(params.vmcp_id, 'custom_prompts', body),
    }),
    route('get', '/api/vmcps/{vmcp_id}/custom-prompts/{name}', {
      summary: 'Get a custom prompt',
      reply: customPromptSchema,
      handle: ({ params }) => customItems.get(params.vmcp_id, 'custom_prompts', params.name),
    }),
    route('put', '/api/vmcps/{vmcp_id}/custom-prompts/{name}', {
      summary: 'Replace a custom prompt; another name renames it',
      body: customPromptSchema,
      reply: customPromptSchema,
      handle: ({ params, body }) =>
        customItems.replace(params.vmcp_id, 'custom_prompts', params.name, body),
    }),
    route('delete', '/api/vmcps/{vmcp_id}/custom-prompts/{name}', {
      summary: 'Delete a custom prompt',
      reply: deletedBodySchema,
      handle: async ({ params }) => {
        const undo = await customItems.remove(params.vmcp_id, 'custom_prompts', params.name);
        return { message: 'Custom prompt deleted successfully', ...undo };
      },
    }),
  ];
}

function resourceRoutes({ customItems }: CustomItemRouteDependencies): Route[] {
  return [
    route('get', '/api/vmcps/{vmcp_id}/custom-resources', {
      summary: 'List the custom resources of a vMCP',
      reply: z.array(storedResourceSchema),
      handle: ({ params }) => customItems.all(params.vmcp_id, 'custom_resources'),
    }),
    route('post', '/api/vmcps/{vmcp_id}/custom-resources', {
      summary: 'Add a custom resource; the content of a file is sent apart',
      body: customResourceSchema,
      status: 201,
      reply: storedResourceSchema,
      handle: ({ params, body }) => customItems.add(params.vmcp_id, 'custom_resources', body),
    }),
    route('get', '/api/vmcps/{vmcp_id}/custom-resources/{name}', {
      summary: 'Get a custom resource without its content',
      reply: storedResourceSchema,
      handle: ({ params }) => customItems.get(params.vmcp_id, 'custom_resources', params.name),
    }),
    route('put', '/api/vmcps/{vmcp_id}/custom-resources/{name}', {
      summary: 'Replace a custom resource; another name renames it, address and file stay',
      body: customResourceSchema,
      reply: storedResourceSchema,
      handle: ({ params, body }) =>
        customItems.replace(params.vmcp_id, 'custom_resources', params.name, body),
    }),
    route('delete', '/api/vmcps/{vmcp_id}/custom-resources/{name}', {
      summary: 'Delete a custom resource with its file',
      reply: deletedBodySchema,
      handle: async ({ params }) => {
        const undo = await customItems.remove(params.vmcp_id, 'custom_resources', params.name);
        return { message: 'Custom resource deleted successfully', ...undo };
      },
    }),
  ];
}
