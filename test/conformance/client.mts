// The client that the suite tests: vMCP's own connections to servers, driven over REST as a user would.
// usage (by the suite): VMCP_URL=… VMCP_TOKEN=… node --import tsx client.mts SERVER_URL
import { Cleanup } from '../support/cleanup.ts';
import { connectClient } from '../support/mcpClient.ts';
import { Rest } from '../support/rest.ts';

/** A user who follows every link and allows everything, but not for ever. */
const patience = 4;

interface Context {
  client_id?: string;
  client_secret?: string;
  /** What the scenario wants to be called. */
  toolCalls?: { name: string; arguments: Record<string, unknown> }[];
}

const url = process.argv.at(-1) ?? '';
const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? '';
const { client_id, client_secret, toolCalls }: Context = JSON.parse(
  process.env.MCP_CONFORMANCE_CONTEXT ?? '{}',
);

await useServer(new Rest(process.env.VMCP_URL ?? '', process.env.VMCP_TOKEN));

async function useServer(rest: Rest): Promise<void> {
  const name = scenario.replace(/\W/g, '-');
  const isAboutAccess = scenario.startsWith('auth/');
  const { server_id } = await rest.ok('POST', '/api/mcp-servers', {
    name,
    transport_type: 'http',
    config: { url },
    auth: isAboutAccess ? auth() : { type: 'none' },
  });
  await persistently(() => rest.send('POST', `/api/mcp-servers/${server_id}/connect`));
  const { status, body } = await rest.send('GET', `/api/mcp-servers/${server_id}/catalog`);
  if (status !== 200) return;
  if (!isAboutAccess) {
    await useVmcp(await rest.addVmcp(name, [server_id], { options: { tool_names: 'plain' } }));
    return;
  }
  for (const { name, inputSchema } of body.tools) {
    const call = { name, arguments: exampleOf(inputSchema) };
    await persistently(() => rest.send('POST', `/api/mcp-servers/${server_id}/tools/call`, call));
  }
}

/** A client with a session, which answers what it is asked, uses everything that the server offers. */
async function useVmcp(vmcpId: string): Promise<void> {
  const cleanup = new Cleanup();
  const { client } = await connectClient(
    cleanup,
    { http: `${process.env.VMCP_URL}/mcp/${vmcpId}` },
    { elicitation: () => ({ action: 'accept', content: { confirmed: true } }) },
  );
  const { tools } = await client.listTools();
  const example = tools.map(({ name, inputSchema }) => ({
    name,
    arguments: exampleOf(inputSchema as Parameters<typeof exampleOf>[0]),
  }));
  for (const call of toolCalls ?? example) await client.callTool(call);
  const { resources } = await client.listResources();
  for (const { uri } of resources) await client.readResource({ uri });
  const { prompts } = await client.listPrompts();
  for (const { name } of prompts) await client.getPrompt({ name });
  await cleanup.run();
}

function auth(): object {
  return {
    type: 'oauth',
    ...(client_id && { client_id }),
    ...(client_secret && { client_secret }),
    // The address of a client that the suite's authorization server knows by its document.
    client_metadata_url: 'https://conformance-test.local/client-metadata.json',
  };
}

/** Tries again after each link that was followed. */
async function persistently(attempt: () => Promise<{ status: number; body: unknown }>) {
  for (let tries = 0; tries < patience; tries++) {
    const { body } = await attempt();
    const link = /Open this link in a browser, then call again: (\S+?)["\s]/.exec(
      JSON.stringify(body),
    );
    if (!link?.[1]) return;
    await follow(link[1]);
  }
}

/** What a browser does with a link whose owner agrees to everything. */
async function follow(link: string): Promise<void> {
  const answer = await fetch(link, { redirect: 'manual' });
  const back = answer.headers.get('location');
  if (back === null) throw new Error(`${link} answered ${answer.status} and led nowhere`);
  const page = await fetch(back);
  console.log(`${answer.status} → ${page.status} ${(await page.text()).replace(/\s+/g, ' ')}`);
}

function exampleOf(schema: { properties?: Record<string, { type?: string }> }) {
  const value = (type?: string) => (type === 'number' || type === 'integer' ? 1 : 'a');
  const entries = Object.entries(schema?.properties ?? {});
  return Object.fromEntries(entries.map(([name, { type }]) => [name, value(type)]));
}
