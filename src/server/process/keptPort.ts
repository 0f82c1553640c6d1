import { randomInt } from 'node:crypto';
import { connect } from 'node:net';
import type { Store } from '../store/store.ts';

const settingKey = 'port';
const range = { from: 20_000, to: 29_999 };
const tries = 50;

/** The port that this storage folder keeps for ever, or undefined before the first start. */
export function keptPort(store: Store): number | undefined {
  const port = store.collections.settings.get(settingKey)?.value.port;
  return typeof port === 'number' ? port : undefined;
}

export async function keepPort(store: Store, port: number): Promise<void> {
  await store.commit([{ collection: 'settings', put: { key: settingKey, value: { port } } }]);
}

/**
 * A port that nobody answers on, on either loopback address. Tried by connecting, since macOS and
 * Windows let two programs listen on one.
 */
export async function pickPort(): Promise<number> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const port = randomInt(range.from, range.to + 1);
    const taken = await Promise.all([answers(port, '127.0.0.1'), answers(port, '::1')]);
    if (!taken.includes(true)) return port;
  }
  return 0; // the system knows a free one
}

/** Whether someone accepts connections there. */
export function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 500 });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => finish(true));
    socket.on('timeout', () => finish(false));
    socket.on('error', () => finish(false));
  });
}
