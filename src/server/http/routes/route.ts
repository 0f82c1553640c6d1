import type * as z from 'zod';

/** What a route's handler gets: everything parsed. */
export interface RouteInput<Params, Body, Query> {
  params: Params;
  body: Body;
  query: Query;
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  baseUrl: string;
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
  status: 200 | 201 | 202;
  reply: z.ZodType;
  /** @throws ZodError for input that does not fit, and what the handler throws */
  run(input: RawInput): unknown;
}

type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: string } & ParamsOf<Rest>
  : unknown;

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

interface RouteDefinition<Path extends string, Body, Query, Reply extends z.ZodType> {
  summary: string;
  guard?: Route['guard'];
  body?: Body;
  query?: Query;
  status?: Route['status'];
  reply: Reply;
  handle(
    input: RouteInput<ParamsOf<Path>, Parsed<Body>, Parsed<Query>>,
  ): z.input<Reply> | Promise<z.input<Reply>>;
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
  definition: RouteDefinition<Path, Body, Query, Reply>,
): Route {
  const { body, query, handle } = definition;
  return {
    method,
    path,
    summary: definition.summary,
    guard: definition.guard ?? 'default',
    body,
    query,
    status: definition.status ?? 200,
    reply: definition.reply,
    run: (input) =>
      handle({
        ...input,
        params: input.params as ParamsOf<Path>, // the router fills what the path names
        body: body?.parse(input.body) as Parsed<Body>,
        query: query?.parse(input.query) as Parsed<Query>,
      }),
  };
}
