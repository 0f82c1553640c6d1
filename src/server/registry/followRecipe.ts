import { type CreateServer, createServerSchema } from '../../contract/servers.ts';
import { InvalidError } from '../appErrors.ts';
import type { RecipePart, RegistryEntryOption } from './recipe.ts';

type Answers = Readonly<Record<string, string>>;

/**
 * The server that an option makes with these answers.
 * @throws InvalidError where a required answer is missing, or what comes out is no possible server
 */
export function followRecipe(
  { recipe, questions, transport_type }: RegistryEntryOption,
  name: string,
  answers: Answers,
): CreateServer {
  const given = new Map<string, string>();
  for (const { id, label, required, choices, default: fallback } of questions) {
    const answer = Object.hasOwn(answers, id) ? answers[id] : fallback;
    if (answer !== undefined && answer !== '') {
      if (choices && !choices.includes(answer)) {
        throw new InvalidError(`“${label}” must be one of ${choices.join(', ')}`, `answers.${id}`);
      }
      given.set(id, answer);
    } else if (required) {
      throw new InvalidError(`“${label}” is not answered`, `answers.${id}`);
    }
  }
  const body = createServerSchema.safeParse({
    name,
    transport_type,
    config: config(recipe, given),
  });
  if (body.success) return body.data;
  const [issue] = body.error.issues;
  throw new InvalidError(
    'With these answers the server cannot be used',
    `${issue?.path.join('.')}: ${issue?.message}`,
  );
}

function config(recipe: RegistryEntryOption['recipe'], given: ReadonlyMap<string, string>) {
  const filled = (part: RecipePart) => fillPart(part, given);
  const named = (parts: readonly RecipePart[]) =>
    Object.fromEntries(
      parts.flatMap((part) => {
        const value = filled(part);
        return part.name === undefined || value === undefined ? [] : [[part.name, value]];
      }),
    );
  if (recipe.type !== 'stdio') {
    return { url: filled(recipe.url) ?? '', headers: named(recipe.headers) };
  }
  const args = recipe.args.flatMap((part) => {
    const value = filled(part);
    if (part.value !== undefined && value === undefined) return [];
    return [part.name, value].filter((word) => word !== undefined);
  });
  return { command: recipe.command, args, env: named(recipe.env) };
}

/** Undefined where it is left out, or has no value at all. */
function fillPart({ value, asks }: RecipePart, given: ReadonlyMap<string, string>) {
  if (value === undefined || asks.some((id) => !given.has(id))) return undefined;
  return value.replace(/\{([^{}]+)\}/g, (whole, id: string) =>
    asks.includes(id) ? (given.get(id) ?? whole) : whole,
  );
}
