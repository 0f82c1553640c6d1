import * as vscode from 'vscode';
import { type Back, back, type StepPlace } from './back.ts';

export interface TextQuestion extends StepPlace {
  prompt: string;
  value?: string;
  placeholder?: string;
  /** Typed hidden. */
  secret?: boolean;
  /** What is wrong with a text, or undefined. */
  validate?: (text: string) => string | undefined;
}

/** One text, trimmed; undefined where the user gave up. It stays open when another window is used. */
export async function askText(question: TextQuestion): Promise<string | Back | undefined> {
  const box = vscode.window.createInputBox();
  Object.assign(box, placeOf(question));
  box.ignoreFocusOut = true;
  box.prompt = question.prompt;
  box.value = question.value ?? '';
  box.placeholder = question.placeholder;
  box.password = question.secret ?? false;
  const check = () => {
    box.validationMessage = question.validate?.(box.value.trim());
    return box.validationMessage === undefined;
  };
  try {
    return await new Promise<string | Back | undefined>((resolve) => {
      box.onDidChangeValue(check);
      box.onDidAccept(() => check() && resolve(box.value.trim()));
      box.onDidTriggerButton(() => resolve(back));
      box.onDidHide(() => resolve(undefined));
      box.show();
    });
  } finally {
    box.dispose();
  }
}

/** What an input shows of where it stands among others. */
export function placeOf({ title, step, totalSteps, canGoBack }: StepPlace) {
  return {
    title,
    step,
    totalSteps,
    buttons: canGoBack === true ? [vscode.QuickInputButtons.Back] : [],
  };
}
