import { homedir } from 'node:os';
import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import type { Question } from '../../../contract/serverImport.ts';

/** What a configuration refers to, and what its references become here. */
export interface Variables {
  /** The questions by which a file asks for values, by their ids. */
  questions: ReadonlyMap<string, Question>;
  /** The environment of new children: decides between a variable and its default. */
  environment: Readonly<Record<string, string | undefined>>;
}

/** `${input:id}`, `${env:NAME}`, `${NAME}`, `${NAME:-default}`. */
const reference = /\$\{([^{}]+)\}/g;

/**
 * Rewrites the references of other clients into those that are known here: `${env:NAME}`,
 * `${secret:NAME}`, `${workspaceFolder}` and `${input:id}`, which is asked for.
 * @param asked gets the ids of the questions
 * @param notes gets what cannot be resolved here
 */
export function rewriteReferences(
  text: string,
  { environment, questions }: Variables,
  { asked, notes }: { asked: Set<string>; notes: string[] },
): string {
  return text.replace(reference, (whole, inner: string) => {
    const [, kind, name = ''] = /^(input|env|secret):(.*)$/.exec(inner) ?? [];
    if (kind === 'input') {
      if (!questions.has(name))
        notes.push(`“${whole}” is not among its inputs, so it is asked for.`);
      asked.add(name);
      return whole;
    }
    if (kind !== undefined || inner === 'workspaceFolder') return whole;
    if (inner === 'userHome') return homedir();
    if (inner === 'pathSeparator' || inner === '/')
      return process.platform === 'win32' ? '\\' : '/';
    const [, variable, fallback] = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/.exec(inner) ?? [];
    if (variable !== undefined && !/[a-z]/.test(variable)) {
      const isSet = environment[variable] !== undefined;
      return isSet || fallback === undefined ? `\${env:${variable}}` : fallback;
    }
    notes.push(`“${whole}” is not known here and stands as it is.`);
    return whole;
  });
}

/** The `inputs` of VS Code's files. */
export function readQuestions(inputs: unknown): Map<string, Question> {
  const questions = new Map<string, Question>();
  for (const input of Array.isArray(inputs) ? inputs : []) {
    if (!isJsonObject(input) || typeof input.id !== 'string') continue;
    questions.set(input.id, readQuestion(input.id, input));
  }
  return questions;
}

/** A question of which only the id is known. It may be a secret, so that it is typed hidden. */
export function unknownQuestion(id: string): Question {
  return { id, label: id, description: '', required: true, secret: true };
}

function readQuestion(id: string, input: JsonObject): Question {
  const text = (member: string) => (typeof input[member] === 'string' ? input[member] : undefined);
  const options = Array.isArray(input.options) ? input.options : [];
  const choices = options.flatMap((option) => {
    const value = isJsonObject(option) ? option.value : option;
    return typeof value === 'string' ? [value] : [];
  });
  const fallback = text('default');
  return {
    id,
    label: id,
    description: text('description') ?? '',
    required: true,
    secret: input.password === true,
    ...(fallback !== undefined && { default: fallback }),
    ...(choices.length > 0 && { choices }),
  };
}

/** The text with the answers in place of `${input:id}`. */
export function fillAnswers(text: string, answers: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{input:([^{}]+)\}/g, (whole, id: string) => answers.get(id) ?? whole);
}
