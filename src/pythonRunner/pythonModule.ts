/** An address in WebAssembly's memory; 0 is none. */
export type Pointer = number;

/** A file, folder or device in emscripten's file system. */
export interface FileNode {
  contents?: Uint8Array | Record<string, FileNode> | null;
}

interface FileStream {
  node?: FileNode | null;
}

export interface FileSystem {
  root: FileNode;
  streams: Array<FileStream | null | undefined>;
  mkdirTree(path: string): void;
  unlink(path: string): void;
  writeFile(path: string, content: string): void;
  ErrnoError: new (errno: number) => Error;
  filesystems: { MEMFS: { ops_table: { file: MemoryFileOperations } } };
}

export interface MemoryFileOperations {
  node: { setattr(node: FileNode, attributes: { size?: number }): void };
  stream: {
    write(
      stream: { node: FileNode },
      buffer: Uint8Array,
      offset: number,
      length: number,
      position: number,
      canOwn?: boolean,
    ): number;
  };
}

/** What is used here of the interpreter: emscripten's memory and files, and C functions of CPython. */
export interface PythonModule {
  /** The memory; another object after each growth. */
  HEAPU8: Uint8Array;
  FS: FileSystem;
  stringToNewUTF8(text: string): Pointer;
  _free(pointer: Pointer): void;
  _PyRun_SimpleString(code: Pointer): number;
  _PyImport_AddModule(name: Pointer): Pointer;
  _PyObject_GetAttrString(object: Pointer, name: Pointer): Pointer;
  _PyObject_CallOneArg(callable: Pointer, argument: Pointer): Pointer;
  _PyBytes_FromStringAndSize(text: Pointer, size: number): Pointer;
  _PyBytes_AsString(bytes: Pointer): Pointer;
  _PyBytes_Size(bytes: Pointer): number;
  _PyErr_Print(): void;
  _Py_DecRef(object: Pointer): void;
}
