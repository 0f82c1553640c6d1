import { runInNewContext } from 'node:vm';

/** What emscripten's open functions need beyond the language itself. */
const needed = ['performance', 'crypto', 'TextDecoder', 'TextEncoder'];

/**
 * Takes away every global that is not part of JavaScript itself: `process`, `require`, `fetch`, timers,
 * streams. A second line: nothing in Python can reach a JavaScript object in the first place.
 */
export function stripGlobals(): void {
  const language: string[] = runInNewContext('Object.getOwnPropertyNames(globalThis)');
  const kept = new Set([...language, ...needed]);
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!kept.has(name)) Reflect.deleteProperty(globalThis, name);
  }
  // Emscripten logs oddities; nobody is to hear of them.
  const silent = () => {};
  Object.assign(globalThis, { console: { log: silent, warn: silent, error: silent } });
}
