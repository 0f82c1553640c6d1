import annotations from './python/annotations.py';
import compoundKinds from './python/compound_kinds.py';
import conformance from './python/conformance.py';
import docstrings from './python/docstrings.py';
import eventLoop from './python/event_loop.py';
import kinds from './python/kinds.py';
import lockdown from './python/lockdown.py';
import plainJson from './python/plain_json.py';
import results from './python/results.py';
import serve from './python/serve.py';
import signatures from './python/signatures.py';
import start from './python/start.py';
import state from './python/state.py';
import tool from './python/tool.py';
import toolErrors from './python/tool_errors.py';

/** Our part inside the interpreter: modules of the package `vmcp_runner`, by name. */
export const pythonSources: ReadonlyMap<string, string> = new Map([
  ['annotations', annotations],
  ['compound_kinds', compoundKinds],
  ['conformance', conformance],
  ['docstrings', docstrings],
  ['event_loop', eventLoop],
  ['kinds', kinds],
  ['lockdown', lockdown],
  ['plain_json', plainJson],
  ['results', results],
  ['serve', serve],
  ['signatures', signatures],
  ['start', start],
  ['state', state],
  ['tool', tool],
  ['tool_errors', toolErrors],
]);
