import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { RpcError, rpcCodes } from '../../contract/jsonRpc.ts';
import type { Asked, EditorAnswer, EditorConsents } from '../../contract/questions.ts';
import type { EventBus } from '../events.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { EditorConsentRecords } from './editorConsents.ts';
import { EditorRoots } from './editorRoots.ts';
import { EditorWindows, type Folder } from './editorWindows.ts';
import { OpenQuestions } from './openQuestions.ts';
import { plainLine } from './plainText.ts';
import { readQuestion } from './readQuestion.ts';

/** Of tools and clients, as they are shown. */
const nameLimit = 100;
/** MCP client/sampling, “Error Handling”. */
const userRejected = -1;

/** Who may answer what servers ask during calls of a vMCP's clients. */
type Policy = 'client' | 'editor' | 'refuse';

/** Whose question it is, as the user is told. */
export interface QuestionSource {
  vmcpId: string;
  serverId: string;
  tool?: string | undefined;
  client: string;
  /** Gets the folders of the same window as long as that is there. */
  owner: object;
}

export interface EditorAnswersDependencies {
  store: Store;
  events: EventBus;
  log: Log;
}

/**
 * Decides who answers what servers ask: the client that called, VS Code in its place, or nobody; and
 * gets the answers of VS Code.
 */
export class EditorAnswers {
  readonly windows = new EditorWindows();
  readonly questions = new OpenQuestions(this.windows);
  readonly #roots: EditorRoots;
  readonly #consents: EditorConsentRecords;
  readonly #stopHearing: () => void;

  constructor(private readonly dependencies: EditorAnswersDependencies) {
    const { store, events, log } = dependencies;
    const { windows, questions } = this;
    const consents = new EditorConsentRecords(store);
    this.#consents = consents;
    this.#roots = new EditorRoots({ windows, questions, consents, log });
    this.#stopHearing = events.subscribe((event) => {
      if (event.type === 'vmcp.removed') this.#forget(event.vmcp_id);
    });
  }

  /** What servers can count on in calls of a client that declared `declared`. */
  capabilities(vmcpId: string, declared: JsonObject): JsonObject {
    const policy = this.#policy(vmcpId);
    if (policy === 'refuse') return withoutQuestions(declared);
    if (policy === 'client' || !this.windows.front) return declared;
    const { sampling, roots } = this.#consents.of(vmcpId);
    const { elicitation } = declared;
    return {
      ...(roots !== 'denied' && { roots: { listChanged: true } }),
      ...(sampling !== 'denied' && { sampling: {} }),
      ...declared,
      elicitation: { ...(isJsonObject(elicitation) && elicitation), form: {}, url: {} },
    };
  }

  /**
   * Who answers a question of a server.
   * @param clientCan whether the client that called can
   * @throws RpcError −32601 where the vMCP wants nobody to
   */
  whoAnswers(
    vmcpId: string,
    method: string,
    params: JsonObject | undefined,
    clientCan: boolean,
  ): 'client' | 'editor' {
    if (!isQuestion(method)) return 'client';
    const policy = this.#policy(vmcpId);
    if (policy === 'refuse') {
      const text = `The vMCP “${this.#nameOf(vmcpId)}” refuses what servers ask (its option “questions”): ${method}`;
      throw new RpcError(rpcCodes.methodNotFound, text);
    }
    const isForEditor = !clientCan && policy === 'editor' && this.windows.front !== undefined;
    return isForEditor && canAnswer(method, params) ? 'editor' : 'client';
  }

  /**
   * A window's answer in place of the client's.
   * @throws RpcError why there is none
   */
  async ask(
    source: QuestionSource,
    method: string,
    params: JsonObject | undefined,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    const { vmcpId } = source;
    if (method === 'roots/list') {
      const roots = await this.roots(vmcpId, source.client, source.owner);
      return { roots: roots.map(({ uri, name }) => ({ uri, name })) };
    }
    const asked = readQuestion(method, params);
    const { sampling } = this.#consents.of(vmcpId);
    if (asked.kind === 'sampling') {
      if (sampling === 'denied') throw rejected();
      asked.consented = sampling === 'allowed';
    }
    const question = { ...this.#told(vmcpId), ...this.#toldOf(source), asked };
    const answer = await this.questions.ask(question, signal);
    if (asked.kind === 'sampling' && answer.remember) {
      await this.#consents.change(vmcpId, { sampling: answer.remember });
    }
    return resultOf(question, answer);
  }

  /**
   * The folders of a window, as the roots of a client without any. The user is asked once for each vMCP;
   * a call does not wait for the answer for long, a later one may get it.
   * @param owner gets those of the same window as long as that is there
   */
  async roots(vmcpId: string, client: string, owner: object): Promise<readonly Folder[]> {
    if (this.#policy(vmcpId) !== 'editor') return [];
    const source = { ...this.#told(vmcpId), client: plainLine(client, nameLimit) };
    return this.#roots.of(source, owner);
  }

  /** Calls back when the roots may be others: of one vMCP, or of all. @returns how to stop */
  onRootsChanged(listener: (vmcpId: string | undefined) => void): () => void {
    return this.#roots.onChange(listener);
  }

  consents(vmcpId: string): EditorConsents {
    return this.#consents.of(vmcpId);
  }

  /** The user decides anew. */
  async setConsents(vmcpId: string, consents: EditorConsents): Promise<EditorConsents> {
    const changed = await this.#consents.change(vmcpId, consents);
    this.#roots.askAgain(vmcpId);
    this.#roots.changed(vmcpId);
    return changed;
  }

  close(): void {
    this.#stopHearing();
    this.#roots.close();
    this.questions.close();
  }

  #forget(vmcpId: string): void {
    this.#roots.askAgain(vmcpId);
    this.#consents.forget(vmcpId).catch((error: unknown) => {
      this.dependencies.log.error('Consents of a vMCP could not be deleted', { error });
    });
  }

  #told(vmcpId: string) {
    return { vmcp_id: vmcpId, vmcp: this.#nameOf(vmcpId) };
  }

  /** Names are shown: those of tools and clients are foreign. */
  #toldOf({ serverId, tool, client }: QuestionSource) {
    const server = this.dependencies.store.collections.servers.get(serverId)?.name;
    return {
      client: plainLine(client, nameLimit),
      ...(server && { server }),
      ...(tool && { tool: plainLine(tool, nameLimit) }),
    };
  }

  #nameOf(vmcpId: string): string {
    return this.dependencies.store.collections.vmcps.get(vmcpId)?.name ?? vmcpId;
  }

  #policy(vmcpId: string): Policy {
    return this.dependencies.store.collections.vmcps.get(vmcpId)?.options.questions ?? 'editor';
  }
}

const kinds = ['roots', 'sampling', 'elicitation'] as const;
const methods = new Set(['roots/list', 'sampling/createMessage', 'elicitation/create']);

function isQuestion(method: string): boolean {
  return methods.has(method);
}

/** VS Code's models are asked without tools; a task of the editor's own would be nobody's to follow. */
function canAnswer(method: string, params: JsonObject | undefined): boolean {
  if (params?.task !== undefined) return false;
  return method !== 'sampling/createMessage' || params?.tools === undefined;
}

function withoutQuestions(declared: JsonObject): JsonObject {
  const rest = { ...declared };
  for (const kind of kinds) delete rest[kind];
  return rest;
}

/** The answer as the server gets it. */
function resultOf({ asked }: { asked: Asked }, answer: EditorAnswer): JsonObject {
  const { action, content, sampled, reason } = answer;
  if (action === 'refuse') {
    throw new RpcError(rpcCodes.internalError, `VS Code cannot answer: ${reason ?? 'no reason'}`);
  }
  if (asked.kind !== 'sampling') {
    return { action, ...(action === 'accept' && content && { content }) };
  }
  if (!sampled) throw rejected();
  const { text, model, stop_reason: stopReason } = sampled;
  return { role: 'assistant', content: { type: 'text', text }, model, stopReason };
}

function rejected(): RpcError {
  return new RpcError(userRejected, 'User rejected sampling request');
}
