import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Cleanup, makeTempDir } from '../support/cleanup.ts';
import { within } from '../support/eventually.ts';
import { ModernRaw } from '../support/modernRaw.ts';
import { upstreams } from '../support/paths.ts';
import { Rest } from '../support/rest.ts';
import { startServer } from '../support/server.ts';
import {
  installSuite,
  type Outcome,
  type Revision,
  requiredOfClients,
  runClientSuite,
  runSuite,
} from './suite.ts';

interface Comparison {
  /** The fixture. */
  program: string;
  revision: Revision;
  /** Scenarios that it must pass directly; fewer means that the suite or the fixture is broken. */
  fewest: number;
}

const comparisons: readonly Comparison[] = [
  { program: upstreams.conformance, revision: '2025-11-25', fewest: 31 },
  { program: upstreams.modern, revision: '2026-07-28', fewest: 40 },
];

/** Scenarios with vMCP as the client that a run must have at least. */
const clientScenarios: readonly [Revision, number][] = [
  ['2025-11-25', 14],
  ['2026-07-28', 32],
];

/**
 * Not compared: the fixture closes the stream of a running call here, to be asked again; vMCP answers
 * the same call with plain JSON, because its result is the first thing that comes.
 */
const notCompared = new Set(['server-sse-polling']);

/** Of revision 2026-07-28: what was reached. */
const fewestModernChecks = 149;

/** Wants the key that a server of 2026-07-28 would give its question; requests of the session era have none. */
const outOfReach = new Set(['input-required-result-basic-elicitation']);

/** @returns whether every scenario that passes against the fixture passes through vMCP, too */
export async function runConformance(): Promise<boolean> {
  const cleanup = new Cleanup();
  try {
    await installSuite();
    const outcomes: Outcome[] = [];
    for (const comparison of comparisons) outcomes.push(await compare(cleanup, comparison));
    outcomes.push(await runModern(cleanup));
    for (const [revision, fewest] of clientScenarios) {
      outcomes.push(await asClient(cleanup, revision, fewest));
    }
    const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
    const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
    console.log(`${passed} passed, ${failed} failed`);
    return failed === 0;
  } finally {
    await cleanup.run();
  }
}

/** A fixture, directly and through vMCP, with clients of its own era. */
async function compare(
  cleanup: Cleanup,
  { program, revision, fewest }: Comparison,
): Promise<Outcome> {
  const results = await makeTempDir(cleanup);
  const fixtureUrl = await startFixture(cleanup, program);
  const { overHttp, overStdio } = await startVmcp(cleanup, program, fixtureUrl);

  const direct = await runSuite(fixtureUrl, join(results, 'direct'), revision);
  console.log(`${revision}, directly: ${summary(direct.scenarios)}`);
  const counts = { passed: 0, failed: 0 };
  const compared = [...direct.scenarios.keys()].filter((scenario) => !notCompared.has(scenario));
  for (const [name, url] of [
    ['HTTP', overHttp],
    ['stdio', overStdio],
  ] as const) {
    const through = await runSuite(url, join(results, name), revision);
    console.log(`${revision}, through vMCP, upstream over ${name}: ${summary(through.scenarios)}`);
    const lost = compared.filter((scenario) => !isAsGood(scenario, direct, through));
    for (const scenario of lost) console.log(await explain(scenario, join(results, name)));
    counts.failed += lost.length;
    counts.passed += compared.length - lost.length;
  }
  const ran = [...direct.scenarios.values()].filter(({ failed }) => failed === 0).length;
  if (ran < fewest) {
    console.log(`only ${ran} scenarios passed directly, fewer than ${fewest}`);
    counts.failed += 1;
  }
  return counts;
}

/** Revision 2026-07-28 before a server of the session era, whose questions end calls (see README). */
async function runModern(cleanup: Cleanup): Promise<Outcome> {
  const results = await makeTempDir(cleanup);
  const server = await startServer(cleanup);
  const rest = new Rest(server.url, await server.adminToken());
  const local = await rest.addNodeServer('local', upstreams.conformance, ['--stdio']);
  await rest.addVmcp('modern', [local], { options: { tool_names: 'plain' } });
  await rest.connect(local);
  const url = `${server.url}/mcp/modern`;
  await warmUp(url);
  const { scenarios } = await runSuite(url, results, '2026-07-28');
  console.log(`2026-07-28 through vMCP, upstream of the session era: ${summary(scenarios)}`);
  const lost = [...scenarios].filter(([name, each]) => each.failed > 0 && !outOfReach.has(name));
  for (const [scenario] of lost) console.log(await explain(scenario, results));
  const checks = [...scenarios.values()].reduce((sum, { passed }) => sum + passed, 0);
  const isEnough = checks >= fewestModernChecks;
  if (!isEnough) console.log(`only ${checks} checks passed, fewer than ${fewestModernChecks}`);
  return {
    passed: scenarios.size - outOfReach.size - lost.length,
    failed: lost.length + (isEnough ? 0 : 1),
  };
}

/** Calls that ask have a process of their own, which takes longer to start than the suite waits. */
async function warmUp(url: string): Promise<void> {
  const client = new ModernRaw(url);
  const params = { name: 'test_streaming_elicitation', arguments: {} };
  const capabilities = { elicitation: {} };
  const { result } = await client.request('tools/call', params, { capabilities });
  const [key = ''] = Object.keys(result.inputRequests);
  const inputResponses = { [key]: { action: 'decline' } };
  const { requestState } = result;
  const retry = { ...params, inputResponses, requestState };
  await client.request('tools/call', retry, { capabilities });
  client.close();
}

/** vMCP as the client of the suite's servers. */
async function asClient(cleanup: Cleanup, revision: Revision, fewest: number): Promise<Outcome> {
  const server = await startServer(cleanup);
  const results = await makeTempDir(cleanup);
  const env = { VMCP_URL: server.url, VMCP_TOKEN: await server.adminToken() };
  const { scenarios: all } = await runClientSuite(env, results, revision);
  const required = await requiredOfClients(revision);
  const scenarios = new Map([...all].filter(([name]) => required.has(name)));
  const failed = [...scenarios].filter(([, each]) => each.failed > 0 || each.passed === 0);
  for (const [scenario] of failed) console.log(`  failed: ${scenario}`);
  console.log(`${revision}, vMCP as client: ${summary(scenarios)}`);
  const missing = Math.max(0, fewest - scenarios.size);
  return { passed: scenarios.size - failed.length, failed: failed.length + missing };
}

interface Run {
  scenarios: Map<string, Outcome>;
}

/** False where a scenario passes directly, but fails or checks nothing through vMCP. */
function isAsGood(scenario: string, direct: Run, through: Run): boolean {
  const [before, after] = [direct.scenarios.get(scenario), through.scenarios.get(scenario)];
  if (!before || before.failed > 0) return true;
  return after !== undefined && after.failed === 0 && after.passed > 0;
}

function summary(scenarios: Map<string, Outcome>): string {
  const all = [...scenarios.values()];
  const passed = all.filter(({ failed }) => failed === 0).length;
  const checks = all.reduce((sum, outcome) => sum + outcome.passed, 0);
  return `${passed} of ${all.length} scenarios, ${checks} checks passed`;
}

/** The failed checks of one scenario, from the files that the suite wrote. */
async function explain(scenario: string, results: string): Promise<string> {
  const lines = [`  lost: ${scenario}`];
  for (const folder of await readdir(results)) {
    if (!folder.startsWith(`server-${scenario}-2`)) continue;
    const checks = JSON.parse(await readFile(join(results, folder, 'checks.json'), 'utf8'));
    for (const { id, status, errorMessage } of checks) {
      if (status === 'FAILURE') lines.push(`    ${id}: ${errorMessage}`);
    }
  }
  return lines.join('\n');
}

/** @returns the fixture's address */
async function startFixture(cleanup: Cleanup, program: string): Promise<string> {
  const child = spawn(process.execPath, [program], {
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
async function startVmcp(cleanup: Cleanup, program: string, fixtureUrl: string) {
  const server = await startServer(cleanup);
  const rest = new Rest(server.url, await server.adminToken());
  const remote = await rest.ok('POST', '/api/mcp-servers', {
    name: 'over http',
    transport_type: 'http',
    config: { url: fixtureUrl },
  });
  const local = await rest.addNodeServer('over stdio', program, ['--stdio']);
  await rest.connect(remote.server_id, local);
  const options = { options: { tool_names: 'plain' } };
  await rest.addVmcp('http', [remote.server_id], options);
  await rest.addVmcp('stdio', [local], options);
  return { overHttp: `${server.url}/mcp/http`, overStdio: `${server.url}/mcp/stdio` };
}
