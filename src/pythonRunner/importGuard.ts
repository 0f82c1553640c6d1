import { ruleOf } from './importPolicy.ts';

type ImportFunction = (...values: unknown[]) => unknown;

export interface GuardHandlers {
  /** Called for an import that nothing but an attack reaches. Must not return. */
  forbidden(name: string): never;
  /** The program wants to end. Must not return. */
  ended(name: string): never;
}

/** Puts guards in front of WebAssembly's imports; they let everything pass until they are closed. */
export class ImportGuard {
  #closed = false;
  readonly #sleepCell = new Int32Array(new SharedArrayBuffer(4));

  constructor(private readonly handlers: GuardHandlers) {}

  /**
   * Replaces the functions in place: emscripten also resolves addresses of functions from this object.
   * Must be called before the instance is made from it.
   */
  install(imports: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(imports)) {
      if (typeof value !== 'function') continue;
      const guarded = this.#guarded(name, value as ImportFunction);
      // Emscripten keeps a function's signature and kind as properties of it.
      if (guarded !== value) imports[name] = Object.assign(guarded, value);
    }
  }

  /** From now on the rules hold. */
  close(): void {
    this.#closed = true;
  }

  #guarded(name: string, original: ImportFunction): ImportFunction {
    if (name === '__syscall_poll') return this.#sleepingPoll(original);
    const rule = ruleOf(name);
    if (rule === 'open') return original;
    return (...values) => {
      if (!this.#closed) return original(...values);
      if (rule === 'forbidden') return this.handlers.forbidden(name);
      if (rule === 'end') return this.handlers.ended(name);
      return rule.answer;
    };
  }

  /** Polling no file at all means to sleep: emscripten would return at once, and its sleep spins. */
  #sleepingPoll(original: ImportFunction): ImportFunction {
    return (files, count, timeoutMs) => {
      if (count === 0 && typeof timeoutMs === 'number' && timeoutMs > 0) {
        Atomics.wait(this.#sleepCell, 0, 0, timeoutMs);
        return 0;
      }
      return original(files, count, timeoutMs);
    };
  }
}
