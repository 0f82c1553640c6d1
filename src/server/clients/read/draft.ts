import type { Question } from '../../../contract/serverImport.ts';
import type { CreateServer } from '../../../contract/servers.ts';

/** One server as it was found in a text or file; its values may refer to questions. */
export interface Draft {
  /** What it is called there, or a suggestion where it has no name. */
  name: string;
  /** Left out where `problem` says why it cannot be used. */
  server?: CreateServer;
  /** What its values refer to by `${input:id}`. */
  questions: Question[];
  /** What is not taken over as it stands. */
  notes: string[];
  problem?: string;
}

/** What is wrong with a configuration, in words for whoever wrote it. */
export class ConfigTextError extends Error {
  override readonly name = 'ConfigTextError';
}
