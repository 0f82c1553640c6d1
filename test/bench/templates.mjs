// Measures the rendering of templates alone, against its target.
// usage: node test/bench/templates.mjs      exit code 1 where the target is missed
import { tsImport } from 'tsx/esm/api';

const { Report } = await tsImport('./report.ts', import.meta.url);
const { measureTemplates } = await tsImport('./templates.ts', import.meta.url);
const report = new Report();
await measureTemplates(report);
process.exitCode = report.allReached ? 0 : 1;
