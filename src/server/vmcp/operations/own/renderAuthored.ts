import { isJsonObject, type JsonObject } from '../../../../contract/json.ts';
import { renderValue } from '../../../template/renderValue.ts';
import type { Operation } from '../operation.ts';
import { authorScope } from './authorScope.ts';

/**
 * The fixed and default arguments of a server's tool that are templates, as they come out. `@param`
 * there means what the client sent.
 * @throws TemplateError
 */
export async function renderAuthored(
  operation: Operation,
  authored: JsonObject,
  sent: JsonObject,
): Promise<JsonObject> {
  const needed = Object.entries(authored).filter(([name]) => !Object.hasOwn(sent, name));
  if (needed.length === 0) return {};
  const scope = authorScope(operation, { arguments: sent, variables: [] });
  const options = { place: 'arguments', parse: operation.templates.parse };
  const rendered = await renderValue(Object.fromEntries(needed), scope, options);
  return isJsonObject(rendered) ? rendered : {};
}
