import type { JsonValue } from '../../contract/json.ts';

/** Where drafts are kept: VS Code's memory of a workspace. */
export interface DraftMemory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const prefix = 'vmcp.draft ';
/** Larger ones are kept by the open page only. */
const mostCharacters = 2_000_000;

/** What was typed into pages and not saved, so that a page that was closed can be opened again. */
export class Drafts {
  constructor(private readonly memory: DraftMemory) {}

  /** @returns null where there is none */
  get(pageKey: string): JsonValue {
    const text = this.memory.get(prefix + pageKey);
    return typeof text === 'string' ? (JSON.parse(text) as JsonValue) : null;
  }

  /** @param draft null: what was typed has been saved or given up */
  async set(pageKey: string, draft: JsonValue): Promise<void> {
    const text = draft === null ? undefined : JSON.stringify(draft);
    if (text !== undefined && text.length > mostCharacters) return;
    await this.memory.update(prefix + pageKey, text);
  }
}
