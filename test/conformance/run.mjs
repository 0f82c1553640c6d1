// Runs the MCP conformance suite against the fixture directly and through vMCP, and compares.
// usage: node test/conformance/run.mjs      needs dist/; the last line is `N passed, N failed`
import { register } from 'tsx/esm/api';

register();
const { runConformance } = await import('./runConformance.ts');
process.exitCode = (await runConformance()) ? 0 : 1;
