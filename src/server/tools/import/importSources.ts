import type { ImportedOperation } from '../../../contract/toolImport.ts';
import type { ImportConfig } from './importConfig.ts';

/** What the readers of all formats get beside the text. */
export interface ImportSources {
  sourceUrl: string | undefined;
  takenNames: readonly string[];
}

/** What the readers of all formats give. */
export interface ReadImport {
  title: string;
  operations: ImportedOperation[];
  config: ImportConfig;
  notes: string[];
}
