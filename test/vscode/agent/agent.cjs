// Runs in the extension host of a window, as VS Code's test entry: performs what the test process
// sends, until that says that it is over. So that one test can conduct several windows.
const { request } = require('node:http');
const vscode = require('vscode');

exports.run = async () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let done = { folder };
  for (;;) {
    const task = await exchange(done);
    if (task.end) return;
    done = { folder, id: task.id, ...(await perform(task)) };
  }
};

/** The test process's compiler wraps named functions in this. */
const __name = (value) => value;

async function perform({ code, argument }) {
  try {
    const run = new Function('__name', `return (${code})`)(__name);
    return { result: (await run(vscode, argument)) ?? null };
  } catch (error) {
    return { error: String(error?.stack ?? error) };
  }
}

/** Hands in the outcome of a task and waits for the next. */
function exchange(done) {
  return new Promise((resolve, reject) => {
    const outgoing = request(process.env.VMCP_TEST_AGENTS, { method: 'POST' }, (incoming) => {
      let body = '';
      incoming.on('data', (chunk) => {
        body += chunk;
      });
      incoming.on('end', () => resolve(JSON.parse(body)));
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(done));
  });
}
