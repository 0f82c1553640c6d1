import { RawClient } from '../support/rawHttp.ts';
import type { SseReader } from '../support/sse.ts';

interface Visitor {
  client: RawClient;
  stream: SseReader | undefined;
  listening: AbortController;
}

/**
 * Clients of one vMCP that come and go: a fixed number at a time, each with a session, every second one
 * with a stream; half of them end their session, the others just disappear.
 */
export class ComingAndGoing {
  readonly latencies: number[] = [];
  readonly failures: string[] = [];
  calls = 0;
  /** Calls without an answer yet. */
  inFlight = 0;
  visits = 0;
  readonly #present: Visitor[] = [];
  #turn = 0;

  constructor(
    private readonly url: string,
    private readonly tool: string,
  ) {}

  /** @returns whether a visitor came in */
  async come(): Promise<boolean> {
    const client = new RawClient(this.url);
    const listening = new AbortController();
    this.visits += 1;
    try {
      await client.initialize();
      const listens = this.visits % 2 === 0;
      const options = { signal: listening.signal };
      const stream = listens ? await client.listen(undefined, options) : undefined;
      this.#present.push({ client, stream, listening });
      return true;
    } catch (error) {
      this.failures.push(`coming: ${error}`);
      client.close();
      return false;
    }
  }

  async go(): Promise<void> {
    const visitor = this.#present.shift();
    if (!visitor) return;
    const { client, listening } = visitor;
    try {
      if (this.visits % 4 < 2) await client.exchange('DELETE');
    } catch (error) {
      this.failures.push(`going: ${error}`);
    }
    listening.abort();
    // calls of it may be open; they have a moment
    setTimeout(() => client.close(), 2_000);
  }

  /** One call of whoever's turn it is. */
  async call(): Promise<void> {
    this.#turn += 1;
    const visitor = this.#present[this.#turn % this.#present.length];
    if (!visitor) return;
    this.inFlight += 1;
    const began = performance.now();
    const message = `call ${this.#turn}`;
    try {
      const answer = await visitor.client.request('tools/call', {
        name: this.tool,
        arguments: { message },
      });
      this.calls += 1;
      this.latencies.push(performance.now() - began);
      if (!JSON.stringify(answer.result ?? '').includes(message)) {
        this.#failed(visitor, JSON.stringify(answer));
      }
    } catch (error) {
      this.#failed(visitor, String(error));
    } finally {
      this.inFlight -= 1;
    }
  }

  /** Who left with a call open has ended it. */
  #failed(visitor: Visitor, how: string): void {
    if (this.#present.includes(visitor)) this.failures.push(how);
  }

  async allGo(): Promise<void> {
    while (this.#present.length > 0) await this.go();
  }
}
