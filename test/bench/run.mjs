// Measures speed and size against the targets, and against the floor and other proxies in one run.
// usage: node test/bench/run.mjs [--quick]      --quick: short rounds, no peers; exit code 1 where a target is missed
import { tsImport } from 'tsx/esm/api';

const { runBench } = await tsImport('./runBench.ts', import.meta.url);
process.exitCode = (await runBench({ quick: process.argv.includes('--quick') })) ? 0 : 1;
