import { join } from 'node:path';
import { Diagnostics } from '../diagnostics/diagnostics.ts';
import { Access } from '../http/access.ts';
import { createHttpApp, type HttpApp } from '../http/createHttpApp.ts';
import { McpServer } from '../mcp/mcpServer.ts';
import { Registry } from '../registry/registry.ts';
import { RegistryCopies } from '../registry/registryCopy.ts';
import { ToolImporter } from '../tools/import/toolImporter.ts';
import { NamedSecrets } from '../vmcp/configuration/namedSecrets.ts';
import { CustomItems } from '../vmcp/custom/customItems.ts';
import { ResourceContents } from '../vmcp/custom/resourceContents.ts';
import type { Closing } from './closing.ts';
import { openClients } from './openClients.ts';
import type { Foundation, StartOptions } from './openFoundation.ts';
import type { Configuration, Performing } from './openVmcps.ts';
import { ServerControl } from './serverControl.ts';
import { launcherEntry } from './startUp.ts';
import { WindowEnvironment } from './windowEnvironment.ts';

/** Where requests arrive. */
export interface Edges {
  mcp: McpServer;
  app: HttpApp;
  control: ServerControl;
  environment: WindowEnvironment;
  /** Ends the whole server. */
  close(reason: string): Promise<void>;
}

/** All that is built already. */
type Parts = Foundation & Configuration & Performing;

/** The MCP endpoint and REST. @param end ends the whole server */
export function openEdges(
  options: StartOptions,
  parts: Parts,
  closing: Closing,
  end: (mcp: McpServer, reason: string) => Promise<void>,
): Edges {
  const { flags, log, version } = options;
  const { instance, store, events, servers, vmcps, redactor, tracer } = parts;
  const mcp = new McpServer({ ...parts, log, version });
  const access = new Access(instance.adminToken, flags.authentication);
  const environment = new WindowEnvironment();
  const registry = new Registry({
    servers,
    copies: new RegistryCopies(instance.dataDir),
    environment: () => environment.newest,
    log,
    url: flags.registryUrl,
  });
  closing.add('registry', () => registry.close());
  const close = (reason: string) => end(mcp, reason);
  const control = new ServerControl({ access, store, events, log, registry, tracer, close });
  const diagnostics = new Diagnostics({
    ...{ version, servers, vmcps, events, redactor },
    settings: () => control.shown(),
    traffic: () => ({
      sessions: mcp.sessionCount,
      callsInFlight: mcp.callsInFlight,
      leases: app.leases.count,
    }),
  });
  const app = createHttpApp({
    ...parts,
    ...restParts(options, parts, environment),
    ...{ log, version, access, registry, mcp, control, diagnostics },
  });
  closing.add('http app', () => app.close());
  return { mcp, app, control, environment, close };
}

/** What only REST needs. */
function restParts(
  { flags, programFolder }: StartOptions,
  { instance, events, store, servers, vmcps, files }: Parts,
  environment: WindowEnvironment,
) {
  return {
    ...openClients(servers, instance.dataDir, () => environment.newest),
    customItems: new CustomItems(vmcps, store.secrets),
    namedSecrets: new NamedSecrets(store, events),
    contents: new ResourceContents({ vmcps, files, events }),
    importer: new ToolImporter(join(programFolder, 'importWorker.js')),
    launcherEntry: (vmcpId: string) => launcherEntry(programFolder, flags.dataDir, vmcpId),
  };
}
