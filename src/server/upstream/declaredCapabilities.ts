import type { JsonObject } from '../../contract/json.ts';
import type { ServerRecord } from '../../contract/servers.ts';

/** What vMCP itself declares to a server, which shows some tools only then; less what is withheld from it. */
export function declaredCapabilities(server: ServerRecord): JsonObject {
  const capabilities: JsonObject = {
    roots: { listChanged: true },
    sampling: {},
    elicitation: { form: {}, url: {} },
  };
  for (const withheld of server.withheld_capabilities) delete capabilities[withheld];
  return capabilities;
}
