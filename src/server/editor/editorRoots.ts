import type { EditorQuestion } from '../../contract/questions.ts';
import type { Log } from '../log.ts';
import type { EditorConsentRecords } from './editorConsents.ts';
import type { EditorWindow, EditorWindows, Folder } from './editorWindows.ts';
import type { OpenQuestions } from './openQuestions.ts';

/** A call waits so long for the first word on folders, as it would for a client's; then it has none. */
const firstWordMs = 10_000;

export interface EditorRootsDependencies {
  windows: EditorWindows;
  questions: OpenQuestions;
  consents: EditorConsentRecords;
  log: Log;
}

/** What the question whether folders may be told names. */
type RootsSource = Omit<EditorQuestion, 'question_id' | 'asked'>;

/** The folders of windows as roots of clients that have none, where the user agreed for the vMCP. */
export class EditorRoots {
  /** By vMCP: whether the user agrees, or that nobody has said so in time. */
  readonly #asked = new Map<string, Promise<boolean>>();
  /** vMCPs whose question was sent away: not asked again while this server runs. */
  readonly #sentAway = new Set<string>();
  /** Whoever got the folders of a window keeps that window while it is there. */
  readonly #windowOf = new WeakMap<object, EditorWindow>();
  readonly #listeners = new Set<(vmcpId: string | undefined) => void>();
  readonly #closing = new AbortController();
  readonly #stopHearing: () => void;

  constructor(private readonly dependencies: EditorRootsDependencies) {
    this.#stopHearing = dependencies.windows.onFoldersChanged(() => this.changed(undefined));
  }

  /** @param owner gets those of the same window as long as that is there */
  async of(source: RootsSource, owner: object): Promise<readonly Folder[]> {
    if (!(await this.#isAllowed(source))) return [];
    const { windows } = this.dependencies;
    const before = this.#windowOf.get(owner);
    const isThere = before !== undefined && windows.foldersOf(before).length > 0;
    const window = isThere ? before : windows.frontWithFolders;
    if (!window) return [];
    this.#windowOf.set(owner, window);
    return windows.foldersOf(window);
  }

  /** Calls back when the roots may be others: of one vMCP, or of all. @returns how to stop */
  onChange(listener: (vmcpId: string | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(vmcpId: string | undefined): void {
    for (const listener of [...this.#listeners]) listener(vmcpId);
  }

  /** The user may be asked for the vMCP again. */
  askAgain(vmcpId: string): void {
    this.#sentAway.delete(vmcpId);
  }

  close(): void {
    this.#stopHearing();
    this.#closing.abort(new Error('the server is stopping'));
  }

  async #isAllowed(source: RootsSource): Promise<boolean> {
    const { vmcp_id: vmcpId } = source;
    const { roots } = this.dependencies.consents.of(vmcpId);
    if (roots !== 'ask') return roots === 'allowed';
    if (this.#sentAway.has(vmcpId)) return false;
    const known = this.#asked.get(vmcpId);
    if (known) return known;
    const asked = this.#ask(source);
    if (asked) this.#asked.set(vmcpId, asked);
    return asked ?? false;
  }

  /** @returns undefined where there are no folders to ask about */
  #ask(source: RootsSource): Promise<boolean> | undefined {
    const { windows, questions, log } = this.dependencies;
    const { vmcp_id: vmcpId } = source;
    const window = windows.frontWithFolders;
    if (!window) return undefined;
    const folders = windows.foldersOf(window).map(({ name }) => name);
    const question = { ...source, asked: { kind: 'roots' as const, folders } };
    const answered = questions.ask(question, this.#closing.signal).then(async (answer) => {
      const { action, remember } = answer;
      if (remember) await this.dependencies.consents.change(vmcpId, { roots: remember });
      if (action !== 'accept') this.#sentAway.add(vmcpId);
      return action === 'accept';
    });
    return new Promise((resolve) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        resolve(false);
      }, firstWordMs).unref();
      const end = (isAllowed: boolean) => {
        clearTimeout(timer);
        this.#asked.delete(vmcpId);
        resolve(isAllowed);
        if (isAllowed && isLate) this.changed(vmcpId);
      };
      answered.then(end, (error: unknown) => {
        log.debug('Roots of a window', { vmcp: vmcpId, reason: String(error) });
        end(false);
      });
    });
  }
}
