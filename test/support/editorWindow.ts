import { once } from 'node:events';
import WebSocket from 'ws';
import { type ServerEvent, serverEventSchema } from '../../src/contract/events.ts';
import { type EditorQuestion, editorQuestionSchema } from '../../src/contract/questions.ts';
import type { Cleanup } from './cleanup.ts';
import { eventually } from './eventually.ts';
import { Rest } from './rest.ts';
import type { TestServer } from './server.ts';

export interface EditorWindowOptions {
  folders?: { uri: string; name: string }[];
  focused?: boolean;
  /** Whether it answers questions; windows of older versions do not. */
  answers?: boolean;
}

/** A window of VS Code as the server sees one: a lease, and REST. */
export class EditorWindow {
  readonly events: ServerEvent[] = [];
  #taken = 0;

  private constructor(
    readonly rest: Rest,
    readonly socket: WebSocket,
  ) {
    socket.on('message', (data) => {
      this.events.push(serverEventSchema.parse(JSON.parse(data.toString())));
    });
  }

  /** Connects one; when this resolves, the server knows of it. */
  static async open(
    cleanup: Cleanup,
    server: TestServer,
    { folders = [], focused = true, answers = true }: EditorWindowOptions = {},
  ): Promise<EditorWindow> {
    const token = await server.adminToken();
    const rest = new Rest(server.url, token);
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const window = new EditorWindow(rest, socket);
    cleanup.add(() => window.close());
    await once(socket, 'open');
    const before = await leases(rest);
    const message = {
      type: 'lease',
      holder: 'window',
      version: '0.0.0',
      folders,
      focused,
      answers,
    };
    socket.send(JSON.stringify(message));
    await eventually(async () => (await leases(rest)) > before, { what: 'the lease' });
    return window;
  }

  /** How many questions it was asked. */
  get questionCount(): number {
    return this.events.filter(({ type }) => type === 'question').length;
  }

  get withdrawn(): string[] {
    return this.events.flatMap((event) =>
      event.type === 'question.withdrawn' ? [event.question_id] : [],
    );
  }

  /** The next question that it is asked. */
  async nextQuestion(): Promise<EditorQuestion> {
    const event = await eventually(
      () => this.events.filter(({ type }) => type === 'question')[this.#taken],
      { what: 'a question' },
    );
    this.#taken += 1;
    if (event.type !== 'question') throw new Error('not a question');
    return editorQuestionSchema.parse(
      await this.rest.ok('GET', `/api/admin/questions/${event.question_id}`),
    );
  }

  /** Answers a question. @returns the status */
  async answer({ question_id }: EditorQuestion, answer: object): Promise<number> {
    const path = `/api/admin/questions/${question_id}/answer`;
    return (await this.rest.send('POST', path, answer)).status;
  }

  /** The user is in this window now. */
  focus(): void {
    this.socket.send(JSON.stringify({ type: 'focused' }));
  }

  /** Closes it; when this resolves, the server knows. */
  async close(): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const before = await leases(this.rest);
    this.socket.close();
    await eventually(async () => (await leases(this.rest)) < before, {
      what: 'the end of a lease',
    });
  }
}

async function leases(rest: Rest): Promise<number> {
  return (await rest.ok('GET', '/api/admin/diagnostics')).counts.windows_and_launchers;
}
