import { join } from 'node:path';
import { ClientExports } from '../clients/clientExports.ts';
import { ClientFiles, type CurrentEnvironment } from '../clients/clientFiles.ts';
import { ExportLedger } from '../clients/exportLedger.ts';
import { ServerImports } from '../clients/serverImports.ts';
import type { Servers } from '../vmcp/configuration/servers.ts';

export interface Clients {
  clientFiles: ClientFiles;
  clientExports: ClientExports;
  serverImports: ServerImports;
}

/** What reads and writes the configuration of other MCP clients. */
export function openClients(
  servers: Servers,
  dataDir: string,
  environment: CurrentEnvironment,
): Clients {
  const clientFiles = new ClientFiles(environment);
  return {
    clientFiles,
    clientExports: new ClientExports(clientFiles, new ExportLedger(join(dataDir, 'exports'))),
    serverImports: new ServerImports({ servers, files: clientFiles, environment }),
  };
}
