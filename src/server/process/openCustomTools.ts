import { join } from 'node:path';
import type { Redactor } from '../activity/redactor.ts';
import type { EventBus } from '../events.ts';
import type { Log } from '../log.ts';
import { CustomTools } from '../tools/customTools.ts';
import { HttpToolRunner } from '../tools/http/httpToolRunner.ts';
import { createPythonTools, type PythonToolsOptions } from '../tools/python/pythonTools.ts';
import type { Closing } from './closing.ts';

export interface CustomToolsParts {
  /** Where the built programs are. */
  programFolder: string;
  log: Log;
  reaper: PythonToolsOptions['reaper'];
  redactor: Redactor;
  events: EventBus;
}

/** The custom tools with what runs them; `closing` owns that. Starts no process. */
export function openCustomTools(
  { programFolder, log, reaper, redactor, events }: CustomToolsParts,
  closing: Closing,
): CustomTools {
  const python = createPythonTools({
    program: join(programFolder, 'pythonRunner.js'),
    pyodideFolder: join(programFolder, 'pyodide'),
    log,
    reaper,
  });
  closing.add('python', () => python.close());
  const unsubscribe = events.subscribe((event) => {
    if (event.type === 'vmcp.removed') python.release(event.vmcp_id);
  });
  closing.add('release of interpreters', unsubscribe);
  const http = new HttpToolRunner((text) => String(redactor.value(text)));
  closing.add('http tools', () => http.close());
  return new CustomTools(python, http);
}
