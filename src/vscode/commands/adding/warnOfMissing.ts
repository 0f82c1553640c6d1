import * as vscode from 'vscode';
import type { MissingProgram } from '../../../contract/serverImport.ts';
import { back, type Step, type StepPlace } from '../../steps/back.ts';
import { pickOne } from '../../steps/pickOne.ts';
import { missingText } from './foundServerText.ts';

/** A step that says, before anything is saved, that a program is missing, and what can be done. */
export function missingStep(missing: MissingProgram, place: StepPlace): Step {
  const { t } = vscode.l10n;
  const { product, url } = missing;
  const add = {
    label: `$(add) ${t('Add it anyway')}`,
    detail: t('It starts once the program is there.'),
  };
  const open = {
    label: `$(link-external) ${t('Get {0}', product ?? '')}`,
    detail: t('Opens its page; come back here when it is installed.'),
  };
  const change = { label: `$(arrow-left) ${t('Change what was entered')}` };
  const items = [...(url === undefined ? [] : [open]), add, change];
  return async () => {
    for (;;) {
      const placeholder = t('{0}: not on the PATH of this window', missingText(missing, t));
      const chosen = await pickOne({ ...place, items, placeholder });
      if (chosen === add) return 'next';
      if (chosen === undefined) return undefined;
      if (chosen !== open || url === undefined) return back;
      await vscode.env.openExternal(vscode.Uri.parse(url));
    }
  };
}
