import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { banner } from '../../shared/banner.ts';
import { linkBanner } from '../../shared/linkBanner.ts';
import type { EditorModel } from '../editorModel.ts';

/** Everything that is wrong with the page as a whole, each with what can be done about it. */
export function troubles(model: EditorModel): TemplateResult {
  return html`${linkBanner(model.linkStatus, model.link)} ${removedBanner(model)}
  ${conflictBanner(model)} ${failureBanner(model)} ${unplacedProblems(model)}`;
}

function removedBanner({ removed, edits }: EditorModel) {
  if (!removed) return nothing;
  const where = edits ? l10n.t('What you typed stays here until you close this page.') : '';
  return banner({
    severity: 'warning',
    what: l10n.t('This virtual MCP server was deleted.'),
    where,
  });
}

function conflictBanner(model: EditorModel) {
  if (model.conflicts.length === 0) return nothing;
  const places = model.conflicts.map((path) => placeText(model, path));
  return banner({
    severity: 'warning',
    what: l10n.t('Somebody else changed the same while you were editing. Which one holds?'),
    where: [...new Set(places)].join(', '),
    next: [
      { label: l10n.t('Keep mine'), run: () => model.resolve('mine') },
      { label: l10n.t('Take theirs'), run: () => model.resolve('theirs') },
    ],
  });
}

function failureBanner(model: EditorModel) {
  const { trouble, linkStatus, removed } = model;
  // The banner of the link says it already.
  if (!trouble || removed || (trouble.failure.status === 0 && linkStatus.status !== 'connected')) {
    return nothing;
  }
  const { during, failure } = trouble;
  const retry = () => void (during === 'load' ? model.load() : model.save());
  const places = model.refused.map(
    ({ path, message }) => `${placeText(model, path.split('.'))}: ${message}`,
  );
  return banner({
    severity: 'error',
    what:
      during === 'load'
        ? l10n.t('The virtual MCP server was not read: {0}', failure.error)
        : l10n.t('Not saved: {0}', failure.error),
    where: places.length > 0 ? places.join('; ') : failure.detail,
    next: [{ label: l10n.t('Try again'), run: retry }],
  });
}

/** What the server finds wrong with the vMCP as it is saved, where no row of the page shows it. */
function unplacedProblems({ vmcp, edits }: EditorModel) {
  const known = new Set(edits?.form.order);
  const problems = vmcp?.problems.filter(({ server_id }) => !known.has(server_id)) ?? [];
  if (problems.length === 0) return nothing;
  const where = problems.map(({ message }) => message).join('; ');
  return banner({ severity: 'warning', what: l10n.t('Something does not fit.'), where });
}

function placeText({ servers }: EditorModel, [first = '', second = '', ...rest]: string[]): string {
  const server = servers.find(({ server_id }) => server_id === second)?.name ?? second;
  switch (first) {
    case 'name':
      return l10n.t('name');
    case 'description':
      return l10n.t('description');
    case 'system_prompt':
      return l10n.t('system prompt');
    case 'servers':
      return [server, ...rest.filter((part) => part !== 'overrides')].join(' › ');
    default:
      return [first, second, ...rest].filter((part) => part !== '').join(' › ');
  }
}
