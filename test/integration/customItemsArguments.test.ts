import { strict as assert } from 'node:assert';
import { useCleanup } from '../support/cleanup.ts';
import { connectClient } from '../support/mcpClient.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { startServer } from '../support/server.ts';

describe('References in arguments', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);
  let rest: CheckedRest;
  let url: string;
  let everything: string;

  before(async () => {
    const server = await startServer(cleanup);
    url = server.url;
    rest = await CheckedRest.open(url);
    everything = await rest.addNodeServer('everything', upstreams.everything, ['stdio']);
    await rest.connect(everything);
  });

  /** A vMCP and how to call its `echo` over MCP. */
  async function makeVmcp(name: string, part: object, more = {}) {
    const vmcp = await rest.ok('POST', '/api/vmcps', {
      name,
      mcp_servers: [{ server_id: everything, ...part }],
      active_config: { city: 'Paris', key: 'very-secret-value' },
      secret_keys: ['key'],
      ...more,
    });
    const { client } = await connectClient(cleanup, { http: `${url}/mcp/${vmcp.vmcp_id}` });
    const echo = async (args: Record<string, unknown>) => {
      const result = await client.callTool({ name: 'everything_echo', arguments: args });
      return (result.content as { text: string }[])[0]?.text;
    };
    return { vmcp, client, echo };
  }

  it('that the vMCP fixes are put in, secrets too, and nobody is shown them', async () => {
    const message = { value: '@config.city @config.key {{param.extra}}' };
    const overrides = { echo: { arguments: { message } } };
    const { client, echo } = await makeVmcp('fixed', { overrides });
    const { tools } = await client.listTools();
    assert.doesNotMatch(JSON.stringify(tools), /config\.key/);
    assert.equal(await echo({ extra: 'more' }), 'Echo: Paris very-secret-value more');
    const sent = await client.callTool({ name: 'everything_echo', arguments: { message: 'x' } });
    assert.equal(sent.isError, true);
    assert.match(JSON.stringify(sent.content), /Argument \\"message\\" has a fixed value/);
  });

  it('that the vMCP fills in are put in where the client leaves them out', async () => {
    const message = { default: 'from @config.city' };
    const overrides = { echo: { arguments: { message } } };
    const { client, echo } = await makeVmcp('default', { overrides });
    const { tools } = await client.listTools();
    const shown = tools.find(({ name }) => name === 'everything_echo');
    assert.equal(Object(shown?.inputSchema.properties?.message).default, undefined);
    assert.equal(shown?.inputSchema.required, undefined);
    assert.equal(await echo({}), 'Echo: from Paris');
    assert.equal(await echo({ message: '@config.city' }), 'Echo: @config.city');
  });

  it('that the vMCP fixes and cannot be resolved are an error result', async () => {
    const overrides = { echo: { arguments: { message: { value: '@config.gone' } } } };
    const { echo } = await makeVmcp('unresolved', { overrides });
    assert.match((await echo({})) ?? '', /Unknown configuration key “gone”/);
    const { status, body } = await rest.send('POST', '/api/vmcps', {
      name: 'malformed',
      mcp_servers: [
        {
          server_id: everything,
          overrides: { echo: { arguments: { message: { value: '{{#x}}' } } } },
        },
      ],
    });
    assert.equal(status, 400);
    assert.match(body.detail, /overrides\.echo\.arguments\.message: value: line 1, column 1/);
  });

  it('from MCP clients are text', async () => {
    const { echo } = await makeVmcp('plain', {});
    const message = '@config.city {{city}} @tool(everything.echo)';
    assert.equal(await echo({ message }), `Echo: ${message}`);
  });

  it('from MCP clients are resolved where the vMCP says so, and left alone otherwise', async () => {
    const options = {
      ...{ tool_names: 'prefixed', substitute_arguments: true, server_instructions: true },
    };
    const { echo } = await makeVmcp('substituting', {}, { options });
    assert.equal(
      await echo({ message: '@config.city @config.key @tool(no.where) @@ -1 +1 @@ {{city}}' }),
      'Echo: Paris @config.key @tool(no.where) @@ -1 +1 @@ {{city}}',
    );
    assert.equal(
      await echo({ message: '@tool(everything.get-sum, a=1, b=2)' }),
      'Echo: The sum of 1 and 2 is 3.',
    );
  });

  it('from REST clients that lead nowhere are refused', async () => {
    const { vmcp } = await makeVmcp('strict', {});
    const call = (message: string, more = {}) =>
      rest.send('POST', `/api/vmcps/${vmcp.vmcp_id}/tools/call`, {
        name: 'everything.echo',
        arguments: { message },
        ...more,
      });
    const refused = await call('@tool(no.where)');
    assert.equal(refused.status, 400);
    assert.match(refused.body.error, /no\.where/);
    assert.equal((await call('@config.key')).status, 400);
    const left = await call('@tool(no.where)', { substitute: false });
    assert.equal(left.body.content[0].text, 'Echo: @tool(no.where)');
  });
});
