import * as vscode from 'vscode';
import { placeOf } from './askText.ts';
import { type Back, back, type StepPlace } from './back.ts';

export interface PickQuestion<T extends vscode.QuickPickItem> extends StepPlace {
  items: readonly T[];
  placeholder: string;
  /** Active at first. */
  active?: T | undefined;
}

/** One of several; undefined where the user gave up. */
export function pickOne<T extends vscode.QuickPickItem>(
  question: PickQuestion<T>,
): Promise<T | Back | undefined> {
  return show(question, (pick, done) => {
    if (question.active) pick.activeItems = [question.active];
    pick.onDidAccept(() => {
      const [chosen] = pick.activeItems;
      if (chosen) done(chosen);
    });
  });
}

/** Some of several, at least one; undefined where the user gave up. */
export function pickMany<T extends vscode.QuickPickItem>(
  question: PickQuestion<T> & { picked: readonly T[] },
): Promise<readonly T[] | Back | undefined> {
  return show<T, readonly T[]>(question, (pick, done) => {
    pick.canSelectMany = true;
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.selectedItems = question.picked;
    pick.onDidAccept(() => {
      if (pick.selectedItems.length > 0) done(pick.selectedItems);
    });
  });
}

async function show<T extends vscode.QuickPickItem, Answer>(
  question: PickQuestion<T>,
  begin: (pick: vscode.QuickPick<T>, done: (answer: Answer) => void) => void,
): Promise<Answer | Back | undefined> {
  const pick = vscode.window.createQuickPick<T>();
  Object.assign(pick, placeOf(question));
  pick.ignoreFocusOut = true;
  pick.items = question.items;
  pick.placeholder = question.placeholder;
  try {
    return await new Promise<Answer | Back | undefined>((resolve) => {
      begin(pick, resolve);
      pick.onDidTriggerButton(() => resolve(back));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}
