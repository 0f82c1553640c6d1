import type { HttpTool } from '../../../contract/customItems.ts';
import type { ItemProblem } from '../itemProblem.ts';
import { RequestError } from './requestError.ts';
import { TemplateBatch } from './templateBatch.ts';
import { urlPieces } from './templatePieces.ts';
import { prepareUrl } from './urlTemplate.ts';

/** What is wrong with an HTTP tool's address, as far as it can be seen before a call. */
export function checkHttpTool({ api_config, variables }: HttpTool): ItemProblem[] {
  const path = 'api_config.url';
  const pieces = urlPieces(api_config.url);
  try {
    prepareUrl(api_config, variables, new TemplateBatch());
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return [{ path, message: error.message }];
  }
  const [first] = pieces;
  if (first?.kind === 'literal' && !/^https?:\/\//i.test(first.text)) {
    return [{ path, message: 'The URL must begin with http://, https:// or a @config reference' }];
  }
  return [];
}
