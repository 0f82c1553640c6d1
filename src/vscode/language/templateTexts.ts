import type { ItemPlace } from '../documents/documentPath.ts';
import { jsonStrings } from './jsonStrings.ts';

/** A part of a document that is one template. */
export interface TemplateText {
  text: string;
  /** Where a position in it stands in the document, both in UTF-16 units. */
  offsetOf(position: number): number;
}

/** The most templates of one document that are looked at. */
const mostTexts = 100;

/** The templates in a document; none in code and resources. */
export function templateTexts(place: ItemPlace, document: string): TemplateText[] {
  if (place.at === 'resource') return [];
  if (place.at === 'tool' && place.kind === 'python') return [];
  const isText = place.at === 'prompt' || place.kind === 'prompt';
  if (isText) return [{ text: document, offsetOf: (position) => position }];
  return jsonStrings(document)
    .filter(({ value }) => /@|\{\{/.test(value))
    .slice(0, mostTexts)
    .map(({ value, offsetOf }) => ({ text: value, offsetOf }));
}
