import { largeOpenApi } from '../fixtures/imports/largeOpenApi.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { startApi } from './contenders.ts';
import type { Load, Measured } from './load.ts';
import { median, type Report } from './report.ts';
import type { VmcpContender } from './vmcpContender.ts';

/** p50 of a call to an HTTP tool, which is its request and everything around it, less the request's. */
export async function measureHttpTool(
  cleanup: Cleanup,
  load: Load,
  { rest, server }: VmcpContender,
  rounds: number,
  report: Report,
): Promise<void> {
  const api = await startApi(cleanup);
  await rest.addVmcp('http', [], {
    custom_tools: [{ tool_type: 'http', name: 'ask', api_config: { method: 'POST', url: api } }],
  });
  const direct = { url: api, request: { method: 'any' }, parallel: 1, ms: 500 };
  const request = { method: 'tools/call', params: { name: 'ask', arguments: {} } };
  const called = { ...direct, url: `${server.url}/mcp/http`, request };
  await load.run({ ...called, ms: 2_000 });
  const added: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const own = await load.run(direct);
    added.push((await load.run(called)).p50 - own.p50);
  }
  report.check({
    what: 'HTTP tool, added to its request, p50',
    value: median(added),
    unit: 'ms',
    atMost: 2,
  });
}

/** Reading of a large document, and the longest that another call takes meanwhile. */
export async function measureImport(
  load: Load,
  { rest, bare }: VmcpContender,
  report: Report,
): Promise<void> {
  const body = { text: JSON.stringify(largeOpenApi(500)) };
  const params = { name: bare.echo, arguments: { message: 'hello' } };
  const request = { method: 'tools/call', params };
  const times: number[] = [];
  const others: Measured[] = [];
  for (let round = 0; round < 5; round += 1) {
    const calls = load.run({ ...bare.target, request, parallel: 1, ms: 1_000 });
    const began = performance.now();
    const { operations } = await rest.ok('POST', '/api/import/openapi', body);
    times.push(performance.now() - began);
    if (operations.length !== 500) throw new Error(`${operations.length} operations were read`);
    others.push(await calls);
  }
  report.check({
    what: 'OpenAPI document of 500 operations',
    value: median(times) / 1000,
    unit: 's',
    atMost: 2,
  });
  report.check({
    what: 'longest other call meanwhile',
    value: median(others.map(({ longest }) => longest)),
    unit: 'ms',
    atMost: 50,
  });
}
