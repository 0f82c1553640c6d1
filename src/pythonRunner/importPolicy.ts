/*
 * Everything that WebAssembly does to the world goes through its imports, functions of JavaScript. Once
 * the interpreter is up, Python needs few of them: memory files, clocks, randomness. All others are closed
 * here, so that it does not matter what Python code gets hold of: an object of JavaScript, a built-in
 * module of pyodide, an address in the table of functions.
 */

/** Imports that stay as they are. They reach nothing but WebAssembly's memory and the files in memory. */
const open: ReadonlySet<string> = new Set([
  // CPython: calls of C functions through a table, pending signals.
  '_PyEM_TrampolineCall_JS',
  '_Py_CheckEmscriptenSignals_Helper',
  '__call_sighandler',
  // Memory.
  'emscripten_resize_heap',
  'emscripten_get_heap_max',
  '_mmap_js',
  '_munmap_js',
  '_msync_js',
  // Clocks and calendars.
  'clock_time_get',
  'clock_res_get',
  'emscripten_get_now',
  'emscripten_date_now',
  '_tzset_js',
  '_gmtime_js',
  '_localtime_js',
  '_mktime_js',
  '_timegm_js',
  // Randomness and the (invented) environment of the program.
  'random_get',
  'environ_get',
  'environ_sizes_get',
  '_emscripten_get_progname',
  // Files in memory.
  'fd_close',
  'fd_fdstat_get',
  'fd_pread',
  'fd_pwrite',
  'fd_read',
  'fd_seek',
  'fd_sync',
  'fd_write',
  '_try_fcntl64',
  '__syscall_chdir',
  '__syscall_chmod',
  '__syscall_dup',
  '__syscall_dup3',
  '__syscall_faccessat',
  '__syscall_fadvise64',
  '__syscall_fallocate',
  '__syscall_fchdir',
  '__syscall_fchmod',
  '__syscall_fchmodat2',
  '__syscall_fchown32',
  '__syscall_fchownat',
  '__syscall_fcntl64',
  '__syscall_fdatasync',
  '__syscall_fstat64',
  '__syscall_fstatfs64',
  '__syscall_ftruncate64',
  '__syscall_getcwd',
  '__syscall_getdents64',
  '__syscall_ioctl',
  '__syscall_lstat64',
  '__syscall_mkdirat',
  '__syscall_newfstatat',
  '__syscall_openat',
  '__syscall_readlinkat',
  '__syscall_renameat',
  '__syscall_rmdir',
  '__syscall_stat64',
  '__syscall_statfs64',
  '__syscall_symlinkat',
  '__syscall_truncate64',
  '__syscall_unlinkat',
  '__syscall_utimensat',
]);

/** WASI's numbers of errors. */
const errors = { notPermitted: -63, notSupported: -52 };
/** What `getaddrinfo` answers: non-recoverable failure in name resolution. */
const noNames = -4;

/** Imports that answer with a failure, which Python code sees as `OSError`. */
const refused: ReadonlyMap<string, number> = new Map([
  ['__syscall_socket', errors.notPermitted],
  ['__syscall_accept4', errors.notPermitted],
  ['__syscall_bind', errors.notPermitted],
  ['__syscall_connect', errors.notPermitted],
  ['__syscall_getpeername', errors.notPermitted],
  ['__syscall_getsockname', errors.notPermitted],
  ['__syscall_getsockopt', errors.notPermitted],
  ['__syscall_listen', errors.notPermitted],
  ['__syscall_recvfrom', errors.notPermitted],
  ['__syscall_recvmsg', errors.notPermitted],
  ['__syscall_sendmsg', errors.notPermitted],
  ['__syscall_sendto', errors.notPermitted],
  // Emscripten has devices that read and write the process's own standard streams.
  ['__syscall_mknodat', errors.notPermitted],
  // What is in a pipe is memory of JavaScript without a limit.
  ['__syscall_pipe', errors.notSupported],
  // `os.system`, which pyodide really runs on the host under Node.
  ['_emscripten_system', errors.notSupported],
  ['_setitimer_js', -1],
  ['getaddrinfo', noNames],
  ['getnameinfo', noNames],
  ['getprotobyname', 0],
  ['_emscripten_lookup_name', 0],
  ['_dlopen_js', 0],
  ['_dlsym_js', 0],
  ['_try_shutdown', 0],
  // Not those of the host.
  ['__syscall_getuid32_js', 0],
  ['__syscall_umask_js', 0o22],
]);

/** Pyodide's waiting for sockets by suspending WebAssembly; null means: do it the ordinary way. */
const withoutSuspending: ReadonlySet<string> = new Set([
  '_maybe_connect_async',
  '_maybe_poll_async',
  '_maybe_recvfrom_async',
  '_maybe_sendto_async',
]);

/** Ways in which a program ends itself. */
const ends: ReadonlySet<string> = new Set(['exit', 'proc_exit', '_abort_js', '__assert_fail']);

/** What becomes of an import once the interpreter is up; `forbidden`: it is reached by an attack only. */
export type ImportRule = 'open' | 'end' | 'forbidden' | { answer: number | null };

/** The rule for an import of WebAssembly. What nobody knows, as in a new release, is forbidden. */
export function ruleOf(name: string): ImportRule {
  if (open.has(name)) return 'open';
  if (ends.has(name)) return 'end';
  if (withoutSuspending.has(name)) return { answer: null };
  const answer = refused.get(name);
  return answer === undefined ? 'forbidden' : { answer };
}
