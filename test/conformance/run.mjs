// Runs the MCP conformance suite against the fixture directly and through vMCP, and compares.
// usage: node test/conformance/run.mjs      needs dist/; the last line is `N passed, N failed`
import { tsImport } from 'tsx/esm/api';

const { runConformance } = await tsImport('./runConformance.ts', import.meta.url);
process.exitCode = (await runConformance()) ? 0 : 1;
