import { Rendering, type RenderOptions } from './rendering.ts';
import { TemplateError, UnresolvedError } from './templateError.ts';
import type { TemplateScope } from './templateScope.ts';

const defaults: RenderOptions = { place: 'template', lenient: false, timeoutMs: 120_000 };

/**
 * Runs a rendering; if it fails, what it still waits for is ended. A name that leads nowhere inside
 * is a plain failure outside: an UnresolvedError of a resolver is about the name it was given.
 */
export async function withRendering<Result>(
  scope: TemplateScope,
  options: Partial<RenderOptions>,
  render: (rendering: Rendering) => Promise<Result>,
): Promise<Result> {
  const rendering = new Rendering(scope, { ...defaults, ...options });
  try {
    return await render(rendering);
  } catch (error) {
    rendering.stop();
    if (!(error instanceof UnresolvedError)) throw error;
    throw new TemplateError(error.message, error.detail, { cause: error });
  }
}
