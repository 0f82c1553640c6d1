import type { RequestListener } from 'node:http';
import Koa from 'koa';
import type { JsonObject } from '../../contract/json.ts';
import type { ActivityLog } from '../activity/activityLog.ts';
import type { ClientExports } from '../clients/clientExports.ts';
import type { ClientFiles } from '../clients/clientFiles.ts';
import type { ServerImports } from '../clients/serverImports.ts';
import type { Diagnostics } from '../diagnostics/diagnostics.ts';
import type { EditorAnswers } from '../editor/editorAnswers.ts';
import type { EventBus } from '../events.ts';
import type { Log } from '../log.ts';
import type { Registry } from '../registry/registry.ts';
import type { Store } from '../store/store.ts';
import type { ToolImporter } from '../tools/import/toolImporter.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import type { ToolSizes } from '../vmcp/compile/toolSizes.ts';
import type { NamedSecrets } from '../vmcp/configuration/namedSecrets.ts';
import type { Servers } from '../vmcp/configuration/servers.ts';
import type { Vmcps } from '../vmcp/configuration/vmcps.ts';
import type { CustomItems } from '../vmcp/custom/customItems.ts';
import type { ResourceContents } from '../vmcp/custom/resourceContents.ts';
import type { Deletions } from '../vmcp/deletions/deletions.ts';
import type { Operations } from '../vmcp/operations/operations.ts';
import type { Access } from './access.ts';
import type { ClientTokens } from './clientTokens.ts';
import { errorReply } from './errorReply.ts';
import { HttpError, notFound } from './httpError.ts';
import { openApiDocument } from './openApi.ts';
import { createRouter } from './routeMiddleware.ts';
import { adminRoutes, type ServerControl } from './routes/adminRoutes.ts';
import { clientRoutes } from './routes/clientRoutes.ts';
import { contentRoutes } from './routes/contentRoutes.ts';
import { customItemRoutes } from './routes/customItemRoutes.ts';
import { importRoutes } from './routes/importRoutes.ts';
import { operationRoutes } from './routes/operationRoutes.ts';
import { questionRoutes } from './routes/questionRoutes.ts';
import { registryRoutes } from './routes/registryRoutes.ts';
import { RestRequests } from './routes/restRequests.ts';
import type { Route } from './routes/route.ts';
import { secretRoutes } from './routes/secretRoutes.ts';
import { serverOperationRoutes } from './routes/serverOperationRoutes.ts';
import { serverRoutes } from './routes/serverRoutes.ts';
import { signInRoutes } from './routes/signInRoutes.ts';
import { statsRoutes } from './routes/statsRoutes.ts';
import { systemRoutes } from './routes/systemRoutes.ts';
import { templateRoutes } from './routes/templateRoutes.ts';
import { undoRoutes } from './routes/undoRoutes.ts';
import { endpointOf, type LauncherEntry, vmcpRoutes } from './routes/vmcpRoutes.ts';
import { signInPage } from './signInPage.ts';
import type { Leases } from './socket/leases.ts';

/** What the routes work with. */
export interface RestAppDependencies {
  version: string;
  access: Access;
  store: Store;
  events: EventBus;
  editor: EditorAnswers;
  log: Log;
  vmcps: Vmcps;
  servers: Servers;
  upstreams: Upstreams;
  sizes: ToolSizes;
  operations: Operations;
  activity: ActivityLog;
  customItems: CustomItems;
  namedSecrets: NamedSecrets;
  deletions: Deletions;
  contents: ResourceContents;
  importer: ToolImporter;
  clientFiles: ClientFiles;
  clientExports: ClientExports;
  serverImports: ServerImports;
  registry: Registry;
  control: ServerControl;
  diagnostics: Pick<Diagnostics, 'report'>;
  /** How other clients start the launcher for a vMCP. */
  launcherEntry(vmcpId: string): LauncherEntry;
}

/** The REST API, and the page that browsers come back to from a sign-in. */
export function createRestApp(
  dependencies: RestAppDependencies,
  clientTokens: ClientTokens,
  leases: Leases,
): RequestListener {
  const { access, log } = dependencies;
  const routes = routeTable(dependencies, clientTokens, leases);
  const router = createRouter(routes, access);
  const app = new Koa();
  app.on('error', (error: Error) => log.debug('A connection broke', { reason: error.message }));
  app.use(errorMiddleware(log));
  app.use(signInPage(dependencies.upstreams));
  app.use(guardMiddleware(access, routes));
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app.callback();
}

/** Every REST route; the router and the OpenAPI document are both made from it. */
function routeTable(
  dependencies: RestAppDependencies,
  clientTokens: ClientTokens,
  leases: Leases,
): Route[] {
  let document: JsonObject | undefined;
  const requests = new RestRequests(dependencies.editor, leases, dependencies.upstreams);
  const routes: Route[] = [
    ...systemRoutes({
      ...dependencies,
      openApi: () => {
        document ??= openApiDocument(routes, dependencies.version);
        return document;
      },
    }),
    ...vmcpRoutes({ ...dependencies, clientTokens }),
    ...customItemRoutes(dependencies),
    ...undoRoutes(dependencies),
    ...contentRoutes(dependencies),
    ...templateRoutes({ ...dependencies, requests }),
    ...importRoutes(dependencies),
    ...clientRoutes({
      ...dependencies,
      reach: (vmcpId, baseUrl) => endpointOf({ ...dependencies, clientTokens }, vmcpId, baseUrl),
    }),
    ...registryRoutes(dependencies),
    ...operationRoutes({ ...dependencies, requests }),
    ...serverRoutes(dependencies),
    ...signInRoutes(dependencies),
    ...serverOperationRoutes({ ...dependencies, requests }),
    ...questionRoutes(dependencies),
    ...secretRoutes(dependencies),
    ...statsRoutes(dependencies),
    ...adminRoutes({ ...dependencies, secrets: dependencies.store.secrets, clientTokens }),
  ];
  return routes;
}

/** Every failure, and every address or method that does not exist, becomes `{error, detail}`. */
function errorMiddleware(log: Log): Koa.Middleware {
  return async (ctx, next) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.set('X-Content-Type-Options', 'nosniff');
    try {
      await next();
      if (ctx.respond !== false) checkAnswered(ctx);
    } catch (error) {
      const { status, body, headers, unexpected } = errorReply(error);
      if (unexpected) log.error('A REST request failed', { method: ctx.method, error });
      ctx.status = status;
      ctx.set(headers);
      ctx.body = body;
    }
  };
}

/** @throws HttpError where no route answered */
function checkAnswered(ctx: Koa.Context): void {
  if (ctx.status === 404 && ctx.body === undefined) {
    throw new HttpError(
      404,
      'Not found',
      `There is no address ${ctx.path}; see /api/openapi.json.`,
    );
  }
  if (ctx.status === 405 || ctx.status === 501) {
    const allowed = ctx.response.get('Allow');
    throw new HttpError(
      405,
      'Method not allowed',
      `${ctx.method} is not possible here; ${allowed} is.`,
      { Allow: allowed },
    );
  }
}

/** Before anything is told about addresses, existing or not. */
function guardMiddleware(access: Access, routes: readonly Route[]): Koa.Middleware {
  const openPaths = new Set(routes.filter(({ guard }) => guard === 'open').map(({ path }) => path));
  return (ctx, next) => {
    if (!openPaths.has(ctx.path) && !access.isOpenTo(ctx.req)) throw notFound();
    return next();
  };
}
