/** Stands in for the package `ws`, which pyodide loads under Node. Python tools have no sockets. */
export {};
