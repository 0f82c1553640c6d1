/** Python sources are bundled as text. */
declare module '*.py' {
  const source: string;
  export = source;
}

/** Emscripten's part of pyodide, which has no types of its own. */
declare module 'pyodide/pyodide.asm.mjs' {
  const createPyodideModule: (settings: unknown) => Promise<unknown>;
  export = createPyodideModule;
}
