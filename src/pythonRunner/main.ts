import { constants, writeSync } from 'node:fs';
import { exitCodes } from './exitCodes.ts';
import { encodeMessage, readRequests } from './frames.ts';
import { BrokenInterpreterError, Interpreter } from './interpreter.ts';
import { PrintedText } from './printedText.ts';

/*
 * Runs Python code for one vMCP, call after call, in a process of its own: it is killed to stop a call.
 * usage: pythonRunner PYODIDE_FOLDER
 */
const mostPrintedBytes = 64 << 10;
const mostReplyBytes = (16 << 20) + (64 << 10);
const { stdin, stdout, exit } = process;
const pyodideFolder = process.argv[2] ?? '';
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Says on standard error why, and ends at once, from whatever depth of WebAssembly. */
function leave(code: number, reason: string): never {
  writeSync(2, `${reason}\n`);
  return exit(code);
}

/** Resolves when the pipe has taken all of it. */
function send(...message: Parameters<typeof encodeMessage>): Promise<void> {
  return new Promise((resolve) => {
    stdout.write(encodeMessage(...message), () => resolve());
  });
}

/** At once: while Python runs, nothing else in this process does. */
function tellPrinted(text: Uint8Array): void {
  const message = encodeMessage(undefined, text);
  for (let written = 0; written < message.byteLength; ) {
    try {
      written += writeSync(1, message, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(sleeper, 0, 0, 1); // the pipe is full: the server is about to read it
    }
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Anything that is thrown has unwound the interpreter's stack: it cannot go on. */
function giveUp(error: unknown, printed: PrintedText): never {
  const code = error instanceof BrokenInterpreterError ? exitCodes.broken : exitCodes.failed;
  return leave(code, `${describe(error)}\n${printed.take()}`);
}

async function serve(interpreter: Interpreter, printed: PrintedText): Promise<void> {
  for await (const request of readRequests(stdin)) {
    let reusable: boolean;
    try {
      const reply = interpreter.handle(request);
      if (reply.byteLength > mostReplyBytes) throw new BrokenInterpreterError('too long a reply');
      await send({ type: 'reply', printed: printed.take() }, reply);
      reusable = interpreter.tidy();
      printed.take();
    } catch (error) {
      return giveUp(error, printed);
    }
    await send({ type: 'idle', reusable });
  }
}

async function main(printed: PrintedText): Promise<void> {
  // Emscripten asks for the constants in a way that Node's permission model denies.
  Object.assign(process, { binding: () => ({ fs: constants }), argv: [] });
  const interpreter = await Interpreter.open({
    pyodideFolder,
    onPrinted: printed.write,
    forbidden: (name) => leave(exitCodes.forbidden, `refused: ${name}`),
    ended: (name) => leave(exitCodes.ended, `ended by ${name}`),
  });
  printed.take();
  await send({ type: 'ready' });
  await serve(interpreter, printed);
}

const printed = new PrintedText(mostPrintedBytes, tellPrinted);
main(printed).catch((error: unknown) =>
  leave(exitCodes.noStart, `${describe(error)}\n${printed.take()}`),
);
