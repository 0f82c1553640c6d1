import * as z from 'zod';
import { errorBodySchema } from '../../contract/common.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../contract/json.ts';
import type { Route } from './routes/route.ts';

/** Failures that any route may answer, beside what the guards say. */
const errorStatuses = {
  400: 'The request does not fit its schema, or what it asks is not possible',
  403: 'The Host or Origin header is none that may use this server, or only the admin token may do this',
  404: 'Unknown id or address, or missing token',
  409: 'The name is taken, or a secret is needed that is locked',
  413: 'The body is too large',
  415: 'The body is not application/json in UTF-8',
  500: 'An MCP server gave no answer, or an internal error',
} as const;

/** The routes as an OpenAPI 3.1 document; made from the same table that the router is filled from. */
export function openApiDocument(routes: readonly Route[], version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    path[route.method] = operationOf(route);
    paths[route.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: { title: 'vMCP', version, description: 'Virtual MCP servers: configuration and use.' },
    paths,
    components: {
      schemas: { Error: schemaOf(errorBodySchema, 'output') },
      securitySchemes: { admin: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operationOf(route: Route): JsonObject {
  const parameters = [...pathParameters(route.path), ...queryParameters(route.query)];
  return {
    summary: route.summary,
    operationId: operationId(route),
    ...(route.guard !== 'open' && { security: [{ admin: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: { required: true, content: jsonContent(schemaOf(route.body, 'input')) },
    }),
    ...(route.takesRaw && { requestBody: { required: true, content: anyContent } }),
    responses: {
      [route.status]: {
        description: 'Success',
        content: route.reply ? jsonContent(schemaOf(route.reply, 'output')) : anyContent,
      },
      ...Object.fromEntries(
        Object.entries(errorStatuses).map(([status, description]) => [
          status,
          { description, content: jsonContent({ $ref: '#/components/schemas/Error' }) },
        ]),
      ),
    },
  };
}

/** `post /api/vmcps/{vmcp_id}/tools/call` → `post_vmcps_vmcp_id_tools_call` */
function operationId({ method, path }: Route): string {
  return [method, ...(path.replace(/^\/(api\/)?/, '').match(/\w+/g) ?? ['index'])].join('_');
}

function pathParameters(path: string): JsonObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject | undefined): JsonObject[] {
  return Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: schemaOf(schema as z.ZodType, 'input'),
  }));
}

const anyContent: JsonObject = { '*/*': { schema: { type: 'string', format: 'binary' } } };

function jsonContent(schema: JsonObject): JsonObject {
  return { 'application/json': { schema } };
}

/** A schema as JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const document = z.toJSONSchema(schema, {
    io,
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type !== 'lazy') return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
    },
  });
  const { $schema: _dialect, $defs: _jsonValues, ...root } = document;
  return withoutReferences(root as JsonObject);
}

/**
 * The only recursive, hence referred-to schema is that of any JSON value: it becomes `{}`, since a
 * reference inside one schema means another place once the schema stands in the document.
 */
function withoutReferences(schema: JsonObject): JsonObject {
  if (typeof schema.$ref === 'string') return {};
  const convert = (value: JsonValue | undefined): JsonValue | undefined => {
    if (Array.isArray(value)) return value.map((item) => convert(item) ?? null);
    return isJsonObject(value) ? withoutReferences(value) : value;
  };
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, convert(value)]));
}
