import { TemplateError } from './templateError.ts';

const maxDepth = 8;

/** The items that are being rendered inside each other, outermost first. */
export class RenderTrail {
  /** Nothing is being rendered yet. */
  static readonly start = new RenderTrail([]);

  private constructor(private readonly items: readonly string[]) {}

  /**
   * The trail inside an item.
   * @param item its kind and full name, e.g. `prompt vmcp.greeting`
   * @throws TemplateError for an item that is on the trail already, or too many inside each other
   */
  enter(item: string): RenderTrail {
    const items = [...this.items, item];
    const first = this.items.indexOf(item);
    if (first >= 0) {
      throw new TemplateError(`Cycle: ${items.slice(first).join(' → ')}`, item);
    }
    if (items.length > maxDepth) {
      throw new TemplateError(
        `Rendered deeper than ${maxDepth} levels: ${items.join(' → ')}`,
        item,
      );
    }
    return new RenderTrail(items);
  }
}
