// The long run: every property with 100,000 cases. usage: node test/fuzz/run.mjs [CASES]
import { spawnSync } from 'node:child_process';

const cases = process.argv[2] ?? '100000';
const mocha = ['--import', 'tsx', 'node_modules/mocha/bin/mocha.js', '--parallel', '--jobs', '2'];
const { status } = spawnSync(process.execPath, [...mocha, 'test/fuzz/**/*.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, VMCP_FUZZ_CASES: cases },
});
process.exitCode = status ?? 1;
