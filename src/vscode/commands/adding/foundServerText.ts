import type { FoundServer, MissingProgram } from '../../../contract/serverImport.ts';
import type { Translate } from '../../translate.ts';
import { withoutIcons } from './withoutIcons.ts';

/** What a list says of a server that was found somewhere. */
export function foundServerItem(found: FoundServer, t: Translate) {
  const kind = found.transport_type === 'stdio' ? 'terminal' : 'globe';
  const icon = found.state === 'unusable' ? 'circle-slash' : kind;
  return {
    label: `$(${icon}) ${found.name}`,
    description: withoutIcons(found.summary),
    detail: remarks(found, t).join(' · '),
  };
}

/** In short: what is missing. */
export function missingText({ command, product }: MissingProgram, t: Translate): string {
  return product === undefined || product === command
    ? t('The program “{0}” was not found', command)
    : t('The program “{0}” of {1} was not found', command, product);
}

function remarks(found: FoundServer, t: Translate): string[] {
  const { state, original_name, same_as, missing_program, questions, problem, notes } = found;
  return [
    ...(problem === undefined ? [] : [`$(error) ${withoutIcons(problem)}`]),
    ...(missing_program ? [`$(warning) ${missingText(missing_program, t)}`] : []),
    ...(state === 'present' ? [t('Here already as “{0}”', same_as ?? '')] : []),
    ...(state === 'renamed' ? [t('Called “{0}” there', withoutIcons(original_name))] : []),
    ...(questions.length > 0
      ? [t('Asks for {0}', questions.map(({ label }) => label).join(', '))]
      : []),
    ...notes.map(withoutIcons),
  ];
}
