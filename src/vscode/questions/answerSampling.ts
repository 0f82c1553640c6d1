import * as vscode from 'vscode';
import type { Asked, EditorAnswer, EditorQuestion } from '../../contract/questions.ts';
import type { ReviewDocuments } from '../review/reviewDocuments.ts';
import { foreignText } from './foreignText.ts';
import { sourceText } from './sourceText.ts';

type Sampling = Extract<Asked, { kind: 'sampling' }>;

/** No model writes more than so many characters for one token on average. */
const charactersPerToken = 8;
const excerptLength = 200;

/** Lets a language model of VS Code answer, where there is one and the user wants it. */
export async function answerSampling(
  question: EditorQuestion,
  sampling: Sampling,
  { documents, signal }: { documents: ReviewDocuments; signal: AbortSignal },
): Promise<EditorAnswer> {
  const models = await vscode.lm.selectChatModels();
  const model = preferred(models, sampling.hints);
  if (!model) {
    const reason = 'there is no language model in this VS Code (no chat provider is signed in)';
    return { action: 'refuse', reason };
  }
  const consent = sampling.consented
    ? 'once'
    : await askForConsent(question, sampling, model, documents);
  if (consent === undefined) return { action: 'cancel' };
  if (consent === 'never') return { action: 'decline', remember: 'denied' };
  if (signal.aborted) return { action: 'cancel' }; // nobody waits for what it would cost
  const remember = consent === 'always' ? { remember: 'allowed' as const } : {};
  try {
    const sampled = await sample(model, question, sampling, signal);
    return { action: 'sampled', sampled, ...remember };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { action: 'refuse', reason: `${model.name}: ${reason}`.slice(0, 1000), ...remember };
  }
}

/** The first that a hint names, or part of it (MCP client/sampling, “Model Preferences”); else the first. */
function preferred(models: readonly vscode.LanguageModelChat[], hints: readonly string[]) {
  for (const hint of hints.map((each) => each.toLowerCase())) {
    const found = models.find(({ id, family, name }) =>
      [id, family, name].some((text) => text.toLowerCase().includes(hint)),
    );
    if (found) return found;
  }
  return models[0];
}

async function askForConsent(
  question: EditorQuestion,
  sampling: Sampling,
  model: vscode.LanguageModelChat,
  documents: ReviewDocuments,
): Promise<'once' | 'always' | 'never' | undefined> {
  const { t } = vscode.l10n;
  const last = sampling.messages.at(-1)?.text ?? '';
  const excerpt = last.length > excerptLength ? `${last.slice(0, excerptLength)}…` : last;
  const text = t('{0} wants {1} to answer: “{2}”', sourceText(question), model.name, excerpt);
  const once = t('Allow once');
  const always = t('Always allow for “{0}”', question.vmcp);
  const show = t('Show');
  const never = t('Never');
  for (;;) {
    const chosen = await vscode.window.showInformationMessage(
      foreignText(text),
      ...[once, always, show, never],
    );
    if (chosen === once) return 'once';
    if (chosen === always) return 'always';
    if (chosen === never) return 'never';
    if (chosen === undefined) return undefined;
    const { system, messages } = sampling;
    await documents.show(question.vmcp, JSON.stringify({ system, messages }, undefined, 2));
  }
}

async function sample(
  model: vscode.LanguageModelChat,
  question: EditorQuestion,
  { system, messages, max_tokens }: Sampling,
  signal: AbortSignal,
) {
  const { User, Assistant } = vscode.LanguageModelChatMessage;
  const sent = messages.map(({ role, text }) => (role === 'user' ? User(text) : Assistant(text)));
  const cancellation = new vscode.CancellationTokenSource();
  const cancel = () => cancellation.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const response = await model.sendRequest(
      system === undefined ? sent : [User(system), ...sent],
      { justification: sourceText(question) },
      cancellation.token,
    );
    const limit = max_tokens * charactersPerToken;
    let text = '';
    for await (const piece of response.text) {
      text += piece;
      if (text.length > limit) break;
    }
    const isCut = text.length > limit;
    return {
      text: text.slice(0, limit),
      model: `${model.vendor}/${model.id}`.slice(0, 200),
      stop_reason: isCut ? ('maxTokens' as const) : ('endTurn' as const),
    };
  } finally {
    signal.removeEventListener('abort', cancel);
    cancellation.cancel();
    cancellation.dispose();
  }
}
