// Runs all tests, fast ones first, and ends with one line `N passed, N failed`.
// usage: node test/run.mjs [STAGE…]      stages: see below; none given: all
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { endStrays, runMark } from './support/strays.mjs';

const mocha = ['--import', 'tsx', 'node_modules/mocha/bin/mocha.js'];
const mochaFlags = ['--reporter', 'test/support/compactReporter.mjs', '--forbid-only'];

/**
 * Each is one program run by Node. Where it prints `N passed, N failed`, those are its counts;
 * else its exit code counts as one. `afterBuild`: tests what stands in dist/.
 */
const stages = [
  {
    name: 'lint',
    run: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '.'],
    limitS: 180,
  },
  {
    name: 'types',
    run: ['node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false'],
    limitS: 180,
  },
  { name: 'build', run: ['esbuild.mjs', '--production'], limitS: 180 },
  {
    name: 'unit',
    run: [...mocha, ...mochaFlags, '--timeout', '10000', 'test/unit/**/*.test.ts'],
    limitS: 300,
  },
  {
    name: 'integration',
    run: [
      ...[...mocha, ...mochaFlags, '--timeout', '60000', '--parallel', '--jobs', '4'],
      // Many processes on few processors: what fails once is told, what fails twice counts.
      ...['--retries', '1', 'test/integration/**/*.test.ts'],
    ],
    limitS: 1200,
    afterBuild: true,
  },
  {
    name: 'fuzz',
    run: [...mocha, ...mochaFlags, '--parallel', '--jobs', '2', 'test/fuzz/**/*.test.ts'],
    limitS: 300,
    afterBuild: true,
  },
  { name: 'conformance', run: ['test/conformance/run.mjs'], limitS: 400, afterBuild: true },
  { name: 'vscode', run: ['test/vscode/run.mjs'], limitS: 1200, afterBuild: true },
];

/**
 * Everything together; a stage that would begin later fails at once. The limits end what hangs: on two
 * cores of their own all stages take less than 10 minutes, on a busy machine more.
 */
const limitS = 3000;
const runId = randomUUID();
const startedAt = performance.now();

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; stages: ${stages.map((s) => s.name).join(', ')}`);
  process.exit(2);
}

let running;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    if (running) killGroup(running);
    await endStrays(runId, 2_000);
    process.exit(1);
  });
}

let passed = 0;
let failed = 0;
let buildFailed = false;
for (const stage of stages) {
  if (wanted.length > 0 && !wanted.includes(stage.name)) continue;
  const outcome = await runStage(stage);
  passed += outcome.passed;
  failed += outcome.failed;
  if (stage.name === 'build') buildFailed = outcome.failed > 0;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

async function runStage(stage) {
  const script = stage.run.find((word) => word.endsWith('run.mjs'));
  if (script && !existsSync(script)) return report(stage, 0, 1, 0, `${script} does not exist`);
  if (stage.afterBuild && buildFailed) return report(stage, 0, 1, 0, 'not run: the build failed');
  const remainingS = limitS - (performance.now() - startedAt) / 1000;
  if (remainingS <= 0) return report(stage, 0, 1, 0, `not run: ${limitS} s are over`);

  const began = performance.now();
  const { code, output, timedOut } = await runNode(stage.run, Math.min(stage.limitS, remainingS));
  const tookS = (performance.now() - began) / 1000;
  const counts = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  let [stagePassed, stageFailed] = counts
    ? [Number(counts[1]), Number(counts[2])]
    : [code === 0 ? 1 : 0, code === 0 ? 0 : 1];
  const notes = [];
  if (timedOut) notes.push(`stopped: it took longer than ${Math.round(tookS)} s`);
  if (code !== 0 && stageFailed === 0) {
    stageFailed += 1;
    notes.push(`ended with ${code} although no test failed`);
  }
  if (counts && stagePassed + stageFailed === 0) {
    stageFailed += 1;
    notes.push('ran no test');
  }
  for (const { pid, command } of await endStrays(runId, 5_000)) {
    stageFailed += 1;
    notes.push(`left process ${pid} behind: ${command}`);
  }
  const text = [stageFailed > 0 ? output.trimEnd() : highlights(output), ...notes];
  return report(stage, stagePassed, stageFailed, tookS, text.filter(Boolean).join('\n'));
}

function report(stage, stagePassed, stageFailed, tookS, text) {
  const mark = stageFailed > 0 ? '✘' : '✔';
  const counts = `${stagePassed} passed, ${stageFailed} failed`;
  console.log(`${mark} ${stage.name.padEnd(12)} ${tookS.toFixed(1).padStart(6)} s   ${counts}`);
  if (text !== '') console.log(text.replace(/^/gm, '    '));
  return { passed: stagePassed, failed: stageFailed };
}

/** Of a stage that passed, only what it said on purpose: indented lines of the reporter. */
function highlights(output) {
  return output
    .split('\n')
    .filter((line) => /^ {2}(skipped:|figure:|again:|\d+\.\d s )/.test(line))
    .join('\n');
}

/** Runs a program in a process group of its own, so that it can be ended with all its children. */
function runNode(args, secondsAtMost) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, [runMark]: runId, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    running = child;
    let output = '';
    let timedOut = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child);
    }, secondsAtMost * 1000);
    // Not 'close': a process left behind would hold the pipes open for ever.
    child.on('exit', (code) => {
      clearTimeout(timer);
      running = undefined;
      setTimeout(() => resolve({ code, output, timedOut }), 100);
    });
  });
}

function killGroup(child) {
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
