import type { CreateServer } from '../../contract/servers.ts';
import { createServerSchema } from '../../contract/servers.ts';
import { InvalidError } from '../appErrors.ts';
import type { Draft } from './read/draft.ts';
import { fillAnswers } from './read/readVariables.ts';

/** Two files may ask for different things under one id. */
export function questionId(id: string, fileId: string | undefined): string {
  return fileId === undefined ? id : `${fileId}#${id}`;
}

/**
 * The server of a draft, with the user's answers in place of `${input:…}`.
 * @throws InvalidError where it cannot be used, or an answer is missing or does not fit
 */
export function withAnswers(
  { server, questions, problem }: Draft,
  answers: Readonly<Record<string, string>>,
  fileId: string | undefined,
): CreateServer {
  if (!server) throw new InvalidError(problem ?? 'It cannot be used', 'entry_id');
  const given = new Map<string, string>();
  for (const question of questions) {
    const id = questionId(question.id, fileId);
    const answer = Object.hasOwn(answers, id) ? answers[id] : question.default;
    if (answer === undefined) throw new InvalidError(`“${question.label}” is not answered`, id);
    given.set(question.id, answer);
  }
  if (given.size === 0) return server;
  const filled = createServerSchema.safeParse(fill(server, given));
  if (filled.success) return filled.data;
  const [issue] = filled.error.issues;
  throw new InvalidError('With these answers it cannot be used', `${issue?.path.join('.')}`);
}

function fill(value: unknown, answers: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return fillAnswers(value, answers);
  if (Array.isArray(value)) return value.map((item) => fill(item, answers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, answers)]));
}
