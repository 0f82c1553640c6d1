import type { Readable } from 'node:stream';
import type * as z from 'zod';
import type { Requester } from '../../consent/consents.ts';
import { bodyLimits } from '../readBody.ts';

/** A body or answer as it is, whatever its type. */
export interface RawContent<Content> {
  /** Its MIME type; of a body undefined where the client does not say. */
  type: string | undefined;
  content: Content;
}

/** What a route's handler gets: everything parsed. */
export interface RouteInput<Params, Body, Query> {
  params: Params;
  body: Body;
  query: Query;
  /** The body of a route that takes any type. @throws HttpError 413 while it is read */
  raw: RawContent<AsyncIterable<Uint8Array>>;
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  baseUrl: string;
  /** `user` for a request of VS Code, i.e. with the admin token. */
  by: Requester;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
}

/** The same as it came. */
export type RawInput = RouteInput<Readonly<Record<string, string>>, unknown, unknown>;

/** One operation of the REST API: registered with the router and told in the OpenAPI document. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'delete';
  /** As OpenAPI writes it: `/api/vmcps/{vmcp_id}`. */
  path: string;
  summary: string;
  /** `open`: without any token; `admin`: the admin token even where authentication is off. */
  guard: 'open' | 'default' | 'admin';
  body: z.ZodType | undefined;
  query: z.ZodObject | undefined;
  /** Largest body, bytes. */
  bodyLimit: number;
  /** Whether the body may be of any type. */
  takesRaw: boolean;
  status: 200 | 201 | 202;
  /** Undefined: the handler answers RawReply. */
  reply: z.ZodType | undefined;
  /** @throws ZodError for input that does not fit, and what the handler throws */
  run(input: RawInput): unknown;
}

type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: string } & ParamsOf<Rest>
  : unknown;

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

interface RouteDefinition<Path extends string, Body, Query, Answer> {
  summary: string;
  guard?: Route['guard'];
  body?: Body;
  query?: Query;
  bodyLimit?: number;
  takesRaw?: boolean;
  status?: Route['status'];
  handle(input: RouteInput<ParamsOf<Path>, Parsed<Body>, Parsed<Query>>): Answer | Promise<Answer>;
}

/** An answer that is no JSON. */
export interface RawReply extends RawContent<Readable | string> {
  /** Undefined where the length is known at the end only. */
  bytes: number | undefined;
}

/** An answer of the reply's shape that a thread has written as JSON in UTF-8 already. */
export class WrittenJson {
  constructor(readonly bytes: Uint8Array) {}
}

/** Defines a route whose handler is typed by its path and schemas. */
export function route<
  Path extends string,
  Reply extends z.ZodType,
  Body extends z.ZodType | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
>(
  method: Route['method'],
  path: Path,
  definition: RouteDefinition<Path, Body, Query, z.input<Reply> | WrittenJson> & { reply: Reply },
): Route {
  return routeOf(method, path, definition, definition.reply);
}

/** Defines a route that answers with content of any type. */
export function rawRoute<Path extends string, Query extends z.ZodObject | undefined = undefined>(
  method: Route['method'],
  path: Path,
  definition: RouteDefinition<Path, undefined, Query, RawReply>,
): Route {
  return routeOf(method, path, definition, undefined);
}

function routeOf<
  Path extends string,
  Body extends z.ZodType | undefined,
  Query extends z.ZodObject | undefined,
>(
  method: Route['method'],
  path: Path,
  definition: RouteDefinition<Path, Body, Query, unknown>,
  reply: z.ZodType | undefined,
): Route {
  const { body, query, handle } = definition;
  return {
    method,
    path,
    summary: definition.summary,
    guard: definition.guard ?? 'default',
    body,
    query,
    bodyLimit: definition.bodyLimit ?? bodyLimits.rest,
    takesRaw: definition.takesRaw ?? false,
    status: definition.status ?? 200,
    reply,
    run: (input) =>
      handle({
        ...input,
        params: input.params as ParamsOf<Path>, // the router fills what the path names
        body: body?.parse(input.body) as Parsed<Body>,
        query: query?.parse(input.query) as Parsed<Query>,
      }),
  };
}
