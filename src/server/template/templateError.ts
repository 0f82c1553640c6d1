import { InvalidError } from '../appErrors.ts';

/** A template that cannot be rendered; the message names the reference, `detail` where it stands. */
export class TemplateError extends InvalidError {
  constructor(message: string, detail: string, options: ErrorOptions = {}) {
    super(message, detail);
    if (options.cause !== undefined) this.cause = options.cause;
  }
}

/**
 * A reference that leads nowhere, or to what may not be told here. Where references are optional
 * (arguments from MCP clients) its text stays as it was written.
 */
export class UnresolvedError extends TemplateError {}
