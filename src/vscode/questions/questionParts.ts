import type * as vscode from 'vscode';
import type { ReviewDocuments } from '../review/reviewDocuments.ts';
import type { ServerProcess } from '../serverProcess.ts';

/** What answering needs of a window. */
export interface QuestionParts {
  process: ServerProcess;
  documents: ReviewDocuments;
  log: vscode.LogOutputChannel;
}
