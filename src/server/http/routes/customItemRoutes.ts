import * as z from 'zod';
import {
  customPromptSchema,
  customResourceSchema,
  customToolSchema,
  storedResourceSchema,
} from '../../../contract/customItems.ts';
import { deletedBodySchema } from '../../../contract/undo.ts';
import type { CustomItemLists, CustomItems, ListName } from '../../vmcp/custom/customItems.ts';
import { type Route, route } from './route.ts';

export interface CustomItemRouteDependencies {
  customItems: CustomItems;
}

/** One of the lists of a vMCP's own items, as its routes need it. */
interface ItemKind<List extends ListName> {
  list: List;
  path: 'custom-tools' | 'custom-prompts' | 'custom-resources';
  noun: string;
  body: z.ZodType<CustomItemLists[List]['input']>;
  reply: z.ZodType<CustomItemLists[List]['item']>;
  /** What is to be known of adding, replacing and deleting one. */
  remarks: { add?: string; get?: string; replace: string; remove?: string };
}

const tools: ItemKind<'custom_tools'> = {
  ...{ list: 'custom_tools', path: 'custom-tools', noun: 'custom tool' },
  ...{ body: customToolSchema, reply: customToolSchema },
  remarks: { replace: '; another name renames it, the mask keeps a credential' },
};

const prompts: ItemKind<'custom_prompts'> = {
  ...{ list: 'custom_prompts', path: 'custom-prompts', noun: 'custom prompt' },
  ...{ body: customPromptSchema, reply: customPromptSchema },
  remarks: { replace: '; another name renames it' },
};

const resources: ItemKind<'custom_resources'> = {
  ...{ list: 'custom_resources', path: 'custom-resources', noun: 'custom resource' },
  ...{ body: customResourceSchema, reply: storedResourceSchema },
  remarks: {
    add: '; the content of a file is sent apart',
    get: ' without its content',
    replace: '; another name renames it, address and file stay',
    remove: ' with its file',
  },
};

/** /api/vmcps/{vmcp_id}/custom-tools and its kin: a vMCP's own items one by one. */
export function customItemRoutes({ customItems }: CustomItemRouteDependencies): Route[] {
  return [
    ...itemRoutes(customItems, tools),
    ...itemRoutes(customItems, prompts),
    ...itemRoutes(customItems, resources),
  ];
}

function itemRoutes<List extends ListName>(
  customItems: CustomItems,
  { list, path, noun, body, reply, remarks }: ItemKind<List>,
): Route[] {
  const all = `/api/vmcps/{vmcp_id}/${path}` as const;
  const one = `/api/vmcps/{vmcp_id}/${path}/{name}` as const;
  const { add = '', get = '', replace, remove = '' } = remarks;
  return [
    route('get', all, {
      summary: `List the ${noun}s of a vMCP`,
      reply: z.array(reply),
      handle: ({ params }) => customItems.all(params.vmcp_id, list),
    }),
    route('post', all, {
      ...{ summary: `Add a ${noun}${add}`, body, status: 201, reply },
      handle: (input) => customItems.add(input.params.vmcp_id, list, input.body),
    }),
    route('get', one, {
      ...{ summary: `Get a ${noun}${get}`, reply },
      handle: ({ params }) => customItems.get(params.vmcp_id, list, params.name),
    }),
    route('put', one, {
      ...{ summary: `Replace a ${noun}${replace}`, body, reply },
      handle: ({ params, ...input }) =>
        customItems.replace(params.vmcp_id, list, params.name, input.body),
    }),
    route('delete', one, {
      summary: `Delete a ${noun}${remove}`,
      reply: deletedBodySchema,
      handle: async ({ params }) => {
        const undo = await customItems.remove(params.vmcp_id, list, params.name);
        const message = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} deleted successfully`;
        return { message, ...undo };
      },
    }),
  ];
}
