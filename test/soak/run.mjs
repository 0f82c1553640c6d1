// Long runs that npm test has small ones of. Each prints its figures, and PASS or FAIL.
// usage: node test/soak/run.mjs [soak|crashes|upstreams|windows] [--minutes N] [--times N]
import { parseArgs } from 'node:util';
import { tsImport } from 'tsx/esm/api';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string' }, times: { type: 'string' } },
});
const [name = 'soak'] = positionals;
if (!['soak', 'crashes', 'upstreams', 'windows'].includes(name)) {
  console.error(`unknown: ${name}; there are soak, crashes, upstreams and windows`);
  process.exit(2);
}
const { run } = await tsImport(`./${name}.ts`, import.meta.url);
const passed = await run({
  ...(values.minutes && { minutes: Number(values.minutes) }),
  ...(values.times && { times: Number(values.times) }),
}).catch((error) => {
  console.error(error.message);
  return false;
});
console.log(passed ? 'PASS' : 'FAIL');
process.exit(passed ? 0 : 1);
