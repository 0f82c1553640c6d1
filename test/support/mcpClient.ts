import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  type ClientCapabilities,
  CreateMessageRequestSchema,
  type CreateMessageResult,
  ElicitRequestSchema,
  type ElicitResult,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { Cleanup } from './cleanup.ts';

/** How to reach a server: an HTTP address, an HTTP+SSE address of 2024-11-05, or a program. */
export type Target =
  | { http: string; headers?: Record<string, string> }
  | { sse: string }
  | { command: string; args: string[]; env?: Record<string, string>; cwd?: string };

/** How the client answers questions; a question without an answer is not declared as a capability. */
export interface Answers {
  roots?: string[];
  sampling?: (params: object) => CreateMessageResult | Promise<CreateMessageResult>;
  elicitation?: (params: object) => ElicitResult | Promise<ElicitResult>;
}

/** A client of the SDK that keeps everything it was sent, in order. */
export class RecordingClient {
  readonly notifications: Array<{ method: string; params?: unknown }> = [];
  readonly questions: Array<{ method: string; params: unknown }> = [];
  readonly client: Client;
  transport: Transport;

  constructor(
    target: Target,
    readonly answers: Answers,
    name: string,
  ) {
    this.client = new Client({ name, version: '1' }, { capabilities: capabilitiesOf(answers) });
    this.transport = makeTransport(target);
    this.client.fallbackNotificationHandler = async ({ method, params }) => {
      this.notifications.push({ method, ...(params && { params }) });
    };
    this.#answerQuestions();
  }

  /** Notifications of one method. */
  of(method: string): unknown[] {
    return this.notifications.filter((each) => each.method === method).map(({ params }) => params);
  }

  #answerQuestions(): void {
    const { roots, sampling, elicitation } = this.answers;
    const asked = (method: string, params: unknown) => this.questions.push({ method, params });
    if (roots) {
      this.client.setRequestHandler(ListRootsRequestSchema, ({ method, params }) => {
        asked(method, params);
        return { roots: (this.answers.roots ?? []).map((uri) => ({ uri })) };
      });
    }
    if (sampling) {
      this.client.setRequestHandler(CreateMessageRequestSchema, ({ method, params }) => {
        asked(method, params);
        return sampling(params);
      });
    }
    if (elicitation) {
      this.client.setRequestHandler(ElicitRequestSchema, ({ method, params }) => {
        asked(method, params);
        return elicitation(params);
      });
    }
  }
}

/** Connects a client; it is closed with the cleanup. */
export async function connectClient(
  cleanup: Cleanup,
  target: Target,
  { name = 'test', ...answers }: Answers & { name?: string } = {},
): Promise<RecordingClient> {
  const recording = new RecordingClient(target, answers, name);
  cleanup.add(() => {
    // Many servers do not end when their input does; the SDK would wait two seconds for each.
    const { transport } = recording;
    if (transport instanceof StdioClientTransport && transport.pid) process.kill(transport.pid);
    return recording.client.close();
  });
  await recording.client.connect(recording.transport);
  return recording;
}

function capabilitiesOf({ roots, sampling, elicitation }: Answers): ClientCapabilities {
  return {
    ...(roots && { roots: { listChanged: true } }),
    ...(sampling && { sampling: {} }),
    ...(elicitation && { elicitation: { form: {}, url: {} } }),
  };
}

function makeTransport(target: Target): Transport {
  if ('sse' in target) return new SSEClientTransport(new URL(target.sse));
  if ('http' in target) {
    // The SDK's class does not fit its own interface under exactOptionalPropertyTypes.
    return new StreamableHTTPClientTransport(new URL(target.http), {
      requestInit: { headers: target.headers ?? {} },
    }) as Transport;
  }
  return new StdioClientTransport({ ...target, stderr: 'ignore' });
}
