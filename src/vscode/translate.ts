/** `vscode.l10n.t`, handed to the parts that must run without VS Code. */
export type Translate = (message: string, ...args: (string | number)[]) => string;
