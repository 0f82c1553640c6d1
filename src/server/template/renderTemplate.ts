import type { JsonValue } from '../../contract/json.ts';
import { Unfinished } from './composer.ts';
import { embeddedText } from './embeddedText.ts';
import { type ContentPart, joinTexts, textPart } from './referenceResult.ts';
import type { RenderOptions } from './rendering.ts';
import type { Template } from './template.ts';
import type { TemplateScope } from './templateScope.ts';
import { withRendering } from './withRendering.ts';

/**
 * Renders a template. One that is a single reference or variable and nothing else becomes its value
 * with its JSON type (null where an optional parameter is missing); in text, strings stand as they
 * are, null as nothing, other values as JSON.
 * @throws TemplateError, or the reason why the scope's signal was aborted
 */
export async function renderTemplate(
  template: Template,
  scope: TemplateScope,
  options: Partial<RenderOptions> = {},
): Promise<JsonValue> {
  return await withRendering(scope, options, async (rendering) => {
    const composed = rendering.compose(template);
    return composed instanceof Unfinished ? await rendering.finish(composed) : composed;
  });
}

/** Renders a template to text. @throws as `renderTemplate` */
export async function renderText(
  template: Template,
  scope: TemplateScope,
  options: Partial<RenderOptions> = {},
): Promise<string> {
  return embeddedText(await renderTemplate(template, scope, options));
}

/**
 * Renders a template to content blocks of MCP: text, and between it what references gave that is no
 * text (an image of a tool, bytes of a resource). Empty text gives no block.
 * @throws as `renderTemplate`
 */
export async function renderParts(
  template: Template,
  scope: TemplateScope,
  options: Partial<RenderOptions> = {},
): Promise<ContentPart[]> {
  return await withRendering(scope, options, async (rendering) => {
    const composed = rendering.compose(template);
    if (composed instanceof Unfinished) return await rendering.finishParts(composed);
    return joinTexts([textPart(embeddedText(composed))], '');
  });
}
