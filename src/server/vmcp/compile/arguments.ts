import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import type { ArgumentOverride } from '../../../contract/vmcps.ts';
import { ArgumentError } from '../../tools/argumentError.ts';
import { valueProblems } from '../../tools/itemProblem.ts';
import { holdsTemplate } from './holdsTemplate.ts';
import { ownMember } from './ownMember.ts';
import { findMention } from './schemaMentions.ts';

/** An override that does not fit the tool's schema. */
export interface ArgumentIssue {
  argument: string;
  message: string;
  /** Saving it is refused; others are only shown. */
  refused: boolean;
}

/** What becomes of a tool's arguments in a vMCP. */
export interface ArgumentPlan {
  /** The schema that clients see. */
  inputSchema: JsonObject;
  issues: ArgumentIssue[];
  /** See `ToolRoute.authored`. */
  authored: JsonObject | undefined;
  /** See `ToolRoute.applyArguments`. */
  apply(sent: JsonObject, rendered?: JsonObject): JsonObject;
}

/** The overrides of one tool, worked out. */
interface Effects {
  /** Taken out of the schema; sending one is an error that says why. */
  removed: Map<string, string>;
  fixed: [string, JsonValue][];
  defaults: [string, JsonValue][];
  descriptions: [string, string][];
}

/**
 * Works out the overrides of a tool's arguments against its schema as it is now. What no longer fits
 * is told in `issues`, and stays in force where that is safe: a fixed or hidden argument never becomes
 * open because a server changed its schema.
 */
export function planArguments(
  inputSchema: JsonObject,
  overrides: Readonly<Record<string, ArgumentOverride>> | undefined,
): ArgumentPlan {
  const entries = Object.entries(overrides ?? {});
  if (entries.length === 0) {
    return { inputSchema, issues: [], authored: undefined, apply: (sent) => sent };
  }
  const issues: ArgumentIssue[] = [];
  const effects: Effects = { removed: new Map(), fixed: [], defaults: [], descriptions: [] };
  for (const [argument, override] of entries) {
    const issue = checkOverride(inputSchema, argument, override);
    if (issue) issues.push({ argument, ...issue });
    collectEffects(effects, argument, override, issue !== undefined);
  }
  return {
    inputSchema: rewriteSchema(inputSchema, effects),
    issues,
    authored: authoredTemplates(effects),
    apply: (sent, rendered) => applyEffects(sent, effects, rendered),
  };
}

function checkOverride(
  schema: JsonObject,
  argument: string,
  override: ArgumentOverride,
): Omit<ArgumentIssue, 'argument'> | undefined {
  const { value, hidden, default: fallback } = override;
  const required = Array.isArray(schema.required) && schema.required.includes(argument);
  if (hidden && value === undefined && fallback === undefined && required) {
    return { message: 'a required argument can only be hidden with a value', refused: true };
  }
  if (hidden || value !== undefined || fallback !== undefined) {
    const place = findMention(schema, argument);
    if (place !== undefined) return { message: `also used in ${place}`, refused: true };
  }
  const [malformed] = [...valueProblems(value, 'value'), ...valueProblems(fallback, 'default')];
  if (malformed) return { message: `${malformed.path}: ${malformed.message}`, refused: true };
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  if (Object.hasOwn(properties, argument)) return undefined;
  return { message: 'the tool has no such argument', refused: false };
}

function collectEffects(
  effects: Effects,
  argument: string,
  override: ArgumentOverride,
  flawed: boolean,
): void {
  const { value, hidden, default: fallback, description } = override;
  if (value !== undefined) {
    effects.fixed.push([argument, value]);
    effects.removed.set(argument, 'has a fixed value');
    return;
  }
  // Filling in a default that the schema did not reckon with could make valid calls invalid.
  if (fallback !== undefined && !flawed) effects.defaults.push([argument, fallback]);
  if (hidden) effects.removed.set(argument, 'is left out');
  else if (description !== undefined) effects.descriptions.push([argument, description]);
}

/** The values with templates in them; undefined where there is none, as mostly. */
function authoredTemplates({ fixed, defaults }: Effects): JsonObject | undefined {
  const templates = [...defaults, ...fixed].filter(([, value]) => holdsTemplate(value));
  return templates.length === 0 ? undefined : Object.fromEntries(templates);
}

function rewriteSchema(schema: JsonObject, effects: Effects): JsonObject {
  const { removed, defaults, descriptions } = effects;
  const optional = new Set([...removed.keys(), ...defaults.map(([name]) => name)]);
  const result: JsonObject = { ...schema };
  if (isJsonObject(schema.properties)) {
    const additions = new Map<string, JsonObject>();
    const add = (name: string, more: JsonObject) =>
      additions.set(name, { ...additions.get(name), ...more });
    for (const [name, value] of defaults) {
      if (!holdsTemplate(value)) add(name, { default: value }); // what it gives is nobody's business
    }
    for (const [name, description] of descriptions) add(name, { description });
    result.properties = Object.fromEntries(
      Object.entries(schema.properties)
        .filter(([name]) => !removed.has(name))
        .map(([name, property]) => [name, extend(property, additions.get(name))]),
    );
  }
  if (Array.isArray(schema.required)) {
    const required = schema.required.filter((name) => !optional.has(String(name)));
    if (required.length > 0) result.required = required;
    else delete result.required;
  }
  return result;
}

/** A property's schema with more said about it; `true`, the schema that allows all, too. */
function extend(property: JsonValue | undefined, additions: JsonObject | undefined) {
  if (!additions) return property;
  if (property === true) return additions;
  return isJsonObject(property) ? { ...property, ...additions } : property;
}

function applyEffects(
  sent: JsonObject,
  { removed, fixed, defaults }: Effects,
  rendered: JsonObject = {},
): JsonObject {
  for (const [argument, reason] of removed) {
    if (Object.hasOwn(sent, argument)) {
      throw new ArgumentError(`Argument "${argument}" ${reason} in this vMCP and cannot be sent`);
    }
  }
  const absent = defaults.filter(([name]) => ownMember(sent, name) === undefined);
  if (absent.length === 0 && fixed.length === 0) return sent;
  const added = [...absent, ...fixed].map(([name, value]) => [
    name,
    ownMember(rendered, name) ?? value,
  ]);
  // fromEntries defines members, so that a name like `__proto__` is one like any other.
  return Object.fromEntries([...Object.entries(sent), ...added]);
}
