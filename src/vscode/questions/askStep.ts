import * as vscode from 'vscode';
import { placeOf } from '../steps/askText.ts';
import { type Back, back, type StepPlace } from '../steps/back.ts';

/** The user wants to answer no. */
export const declined = Symbol('declined');
export type Declined = typeof declined;

/** How a step of a form ended without a value: gone back, declined, or undefined where it was closed. */
export type NoValue = Back | Declined | undefined;

export interface FormPlace extends StepPlace {
  /** Closes it from outside. */
  signal: AbortSignal;
}

/** So much comes from the keyboard by itself when an input takes the focus from what is typed into. */
const strayKeysMs = 400;

const declineButton = (): vscode.QuickInputButton => ({
  iconPath: new vscode.ThemeIcon('circle-slash'),
  tooltip: vscode.l10n.t('Decline to answer'),
});

/** A text; stays open when something else is clicked. @param check what is wrong with it, or undefined */
export function askLine(
  place: FormPlace,
  { prompt, value }: { prompt: string; value: string },
  check: (text: string) => string | undefined,
): Promise<string | NoValue> {
  const box = vscode.window.createInputBox();
  box.prompt = prompt;
  box.value = value;
  return showStep(box, place, (done) => {
    const isValid = () => {
      box.validationMessage = check(box.value);
      return box.validationMessage === undefined;
    };
    box.onDidChangeValue(isValid);
    box.onDidAccept(() => isValid() && done(box.value));
  });
}

/**
 * Some of several: one, or with `check` as many as it takes.
 * @param check what is wrong with how many were chosen, or undefined
 */
export function askItems<T extends vscode.QuickPickItem>(
  place: FormPlace,
  {
    items,
    placeholder,
    chosen,
  }: { items: readonly T[]; placeholder: string; chosen: readonly T[] },
  check?: (count: number) => string | undefined,
): Promise<readonly T[] | NoValue> {
  const pick = vscode.window.createQuickPick<T>();
  pick.items = items;
  pick.placeholder = placeholder;
  pick.canSelectMany = check !== undefined;
  if (check) pick.selectedItems = chosen;
  else pick.activeItems = chosen;
  const stray = place.step === 1 ? strayKeysMs : 0;
  const shown = performance.now();
  return showStep(pick, place, (done) => {
    pick.onDidAccept(() => {
      if (performance.now() - shown < stray) {
        pick.selectedItems = []; // what is selected already could not be clicked again
        return;
      }
      const wrong = check?.(pick.selectedItems.length);
      if (wrong !== undefined) pick.placeholder = wrong;
      else if (check || pick.activeItems.length > 0) {
        done(check ? pick.selectedItems : pick.activeItems);
      }
    });
  });
}

async function showStep<Value>(
  input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  place: FormPlace,
  begin: (done: (value: Value | NoValue) => void) => void,
): Promise<Value | NoValue> {
  const decline = declineButton();
  const { signal, ...shown } = place;
  Object.assign(input, placeOf(shown));
  input.buttons = [...input.buttons, decline];
  input.ignoreFocusOut = true;
  try {
    return await new Promise<Value | NoValue>((resolve) => {
      if (signal.aborted) return resolve(undefined);
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
      begin(resolve);
      input.onDidTriggerButton((button) => resolve(button === decline ? declined : back));
      input.onDidHide(() => resolve(undefined));
      input.show();
    });
  } finally {
    input.dispose();
  }
}
