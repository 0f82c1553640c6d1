import type { Variable } from '../../../contract/customItems.ts';
import { UniqueNames } from './importNames.ts';

/** The variables of a tool in the making. */
export class ToolVariables {
  readonly #names = new UniqueNames();
  readonly #variables: Variable[] = [];

  /** Adds one with a legal name of its own. @returns that name */
  add(wanted: string, variable: Omit<Variable, 'name'>): string {
    const name = this.#names.variable(wanted);
    this.#variables.push({ name, ...variable });
    return name;
  }

  /** Adds one. @returns the reference to it, which keeps its type */
  reference(wanted: string, variable: Omit<Variable, 'name'>): string {
    return `@param.${this.add(wanted, variable)}`;
  }

  list(): Variable[] {
    return this.#variables;
  }
}
