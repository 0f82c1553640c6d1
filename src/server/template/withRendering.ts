import { Rendering, type RenderOptions } from './rendering.ts';
import type { TemplateScope } from './templateScope.ts';

const defaults: RenderOptions = { place: 'template', lenient: false, timeoutMs: 120_000 };

/** Runs a rendering; if it fails, what it still waits for is ended. */
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
    throw error;
  }
}
