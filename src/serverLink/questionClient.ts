import {
  type EditorAnswer,
  type EditorConsents,
  type EditorQuestion,
  editorConsentsSchema,
  editorQuestionSchema,
} from '../contract/questions.ts';
import type { RestClient } from './restClient.ts';
import { RestError } from './restError.ts';

/** The part of the REST API by which a window answers in place of clients. */
export class QuestionClient {
  constructor(private readonly rest: RestClient) {}

  /** @returns undefined where nobody waits for the answer any more */
  async question(id: string): Promise<EditorQuestion | undefined> {
    const path = `/api/admin/questions/${encodeURIComponent(id)}`;
    try {
      return editorQuestionSchema.parse(await this.rest.forward('GET', path, {}));
    } catch (error) {
      if (error instanceof RestError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** @returns false where nobody waits for the answer any more */
  async answer(id: string, answer: EditorAnswer): Promise<boolean> {
    const path = `/api/admin/questions/${encodeURIComponent(id)}/answer`;
    try {
      await this.rest.forward('POST', path, { body: answer });
      return true;
    } catch (error) {
      if (error instanceof RestError && error.status === 404) return false;
      throw error;
    }
  }

  /** What the user allowed the servers of a vMCP for good. */
  async consents(vmcpId: string): Promise<EditorConsents> {
    return editorConsentsSchema.parse(await this.rest.forward('GET', consentsPath(vmcpId), {}));
  }

  async setConsents(vmcpId: string, body: EditorConsents): Promise<void> {
    await this.rest.forward('PUT', consentsPath(vmcpId), { body });
  }
}

function consentsPath(vmcpId: string): string {
  return `/api/vmcps/${encodeURIComponent(vmcpId)}/editor-consents`;
}
