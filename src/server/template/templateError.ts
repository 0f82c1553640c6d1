import { InvalidError } from '../appErrors.ts';

/** A template that cannot be rendered; the message names the reference, `detail` where it stands. */
export class TemplateError extends InvalidError {}
