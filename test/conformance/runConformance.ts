import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Cleanup, makeTempDir } from '../support/cleanup.ts';
import { within } from '../support/eventually.ts';
import { upstreams } from '../support/paths.ts';
import { Rest } from '../support/rest.ts';
import { startServer } from '../support/server.ts';
import { installSuite, type Outcome, runSuite } from './suite.ts';

/** Scenarios that a run must have at least; fewer means that the suite or the fixture is broken. */
const fewestScenarios = 31;

/**
 * Scenarios that test the transport between the suite and its server, where a stdio upstream cannot
 * do what the HTTP fixture does: close the stream of a call that is still running.
 */
const notOverStdio = new Set(['server-sse-polling']);

/** @returns whether every scenario that passes against the fixture passes through vMCP, too */
export async function runConformance(): Promise<boolean> {
  const cleanup = new Cleanup();
  try {
    await installSuite();
    return await compare(cleanup);
  } finally {
    await cleanup.run();
  }
}

async function compare(cleanup: Cleanup): Promise<boolean> {
  const results = await makeTempDir(cleanup);
  const fixtureUrl = await startFixture(cleanup);
  const { overHttp, overStdio } = await startVmcp(cleanup, fixtureUrl);

  const direct = await runSuite(fixtureUrl, join(results, 'direct'));
  console.log(`directly: ${summary(direct.scenarios)}`);
  const counts = { passed: 0, failed: 0 };
  for (const [name, url, left] of [
    ['HTTP', overHttp, new Set<string>()],
    ['stdio', overStdio, notOverStdio],
  ] as const) {
    const through = await runSuite(url, join(results, name));
    console.log(`through vMCP, upstream over ${name}: ${summary(through.scenarios)}`);
    const lost = [...direct.scenarios.keys()].filter(
      (scenario) => !left.has(scenario) && !isAsGood(scenario, direct, through),
    );
    for (const scenario of lost) console.log(explain(scenario, through.output));
    counts.failed += lost.length;
    counts.passed += direct.scenarios.size - left.size - lost.length;
  }
  if (direct.scenarios.size < fewestScenarios) {
    console.log(`only ${direct.scenarios.size} scenarios ran, fewer than ${fewestScenarios}`);
    counts.failed += 1;
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed === 0;
}

interface Run {
  scenarios: Map<string, Outcome>;
}

/** Passing means: no check fails, and as many pass as directly. */
function isAsGood(scenario: string, direct: Run, through: Run): boolean {
  const [before, after] = [direct.scenarios.get(scenario), through.scenarios.get(scenario)];
  if (!before || before.failed > 0) return true;
  return after !== undefined && after.failed === 0 && after.passed >= before.passed;
}

function summary(scenarios: Map<string, Outcome>): string {
  const all = [...scenarios.values()];
  const passed = all.filter(({ failed }) => failed === 0).length;
  const checks = all.reduce((sum, outcome) => sum + outcome.passed, 0);
  return `${passed} of ${all.length} scenarios, ${checks} checks passed`;
}

/** What the suite said of one scenario. */
function explain(scenario: string, output: string): string {
  const lines = output.split('\n').filter((line) => line.includes(`${scenario}:`));
  const start = output.indexOf(`=== Running scenario: ${scenario} ===`);
  const end = output.indexOf('=== Running', start + 10);
  const told = start < 0 ? '' : output.slice(start, end < 0 ? start + 3_000 : end);
  return [`lost: ${scenario}`, ...lines, told.trim()].join('\n').replace(/^/gm, '  ');
}

/** @returns the fixture's address */
async function startFixture(cleanup: Cleanup): Promise<string> {
  const child = spawn(process.execPath, [upstreams.conformance], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanup.add(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const [line] = await within(
    once(createInterface(child.stdout), 'line'),
    10_000,
    "the fixture's address",
  );
  return line;
}

/** vMCPs that list the fixture under its own names: one before its HTTP, one before its stdio form. */
async function startVmcp(cleanup: Cleanup, fixtureUrl: string) {
  const server = await startServer(cleanup);
  const rest = new Rest(server.url, await server.adminToken());
  const remote = await rest.ok('POST', '/api/mcp-servers', {
    name: 'over http',
    transport_type: 'http',
    config: { url: fixtureUrl },
  });
  const local = await rest.addNodeServer('over stdio', upstreams.conformance, ['--stdio']);
  const options = { options: { tool_names: 'plain' } };
  await rest.addVmcp('http', [remote.server_id], options);
  await rest.addVmcp('stdio', [local], options);
  return { overHttp: `${server.url}/mcp/http`, overStdio: `${server.url}/mcp/stdio` };
}
