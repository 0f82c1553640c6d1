// Activated before all other extensions: measures what loading and activating them takes of the
// extension host's thread. In CPU time, where the system tells it: what other processes of a busy
// machine take does not count.
const { readFileSync } = require('node:fs');
const Module = require('node:module');

/** Milliseconds of this thread by the folder of an extension; read by tests. */
const times = new Map();
globalThis.vmcpTestActivationTimes = times;

exports.activate = () => {
  const load = Module._load;
  Module._load = function (request, ...rest) {
    const folder = /^(.*)[\\/]dist[\\/]extension(\.js)?$/.exec(request)?.[1];
    if (folder === undefined) return load.call(this, request, ...rest);
    const before = threadMs();
    const loaded = load.call(this, request, ...rest);
    times.set(folder, threadMs() - before);
    return { ...loaded, activate: timed(folder, loaded.activate) };
  };
};

function timed(folder, activate) {
  return (context) => {
    const before = threadMs();
    try {
      return activate(context);
    } finally {
      times.set(folder, times.get(folder) + threadMs() - before);
    }
  };
}

/** First number: nanoseconds that this thread has run. */
function threadMs() {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
}
