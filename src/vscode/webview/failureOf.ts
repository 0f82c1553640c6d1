import * as z from 'zod';
import type { Failure } from '../../contract/webview/messages.ts';
import { messageOf } from '../../serverLink/linkError.ts';
import { RestError } from '../../serverLink/restError.ts';

/** Anything thrown, as pages show it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof RestError) {
    return { status: error.status, error: error.error, detail: error.detail };
  }
  if (error instanceof z.ZodError) {
    return { status: 400, error: 'Invalid request', detail: z.prettifyError(error) };
  }
  return { status: 0, error: messageOf(error), detail: '' };
}
