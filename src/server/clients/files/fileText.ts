import { InvalidError } from '../../appErrors.ts';

/** A file's text, and what has to stand around it when it is written again. */
export interface FileText {
  text: string;
  /** The byte order mark that Windows programs put first; empty where there is none. */
  mark: string;
}

/** @throws InvalidError for bytes that are no UTF-8, since writing them again would change them */
export function decodeText(bytes: Uint8Array, path: string): FileText {
  try {
    const whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const mark = whole.startsWith('\uFEFF') ? '\uFEFF' : '';
    return { text: whole.slice(mark.length), mark };
  } catch {
    throw new InvalidError('The file is no text in UTF-8', path);
  }
}
