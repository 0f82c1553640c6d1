export const versions: Record<string, string[]>;
export function installVscode(version: string): Promise<{ node: string; vscode: string }>;
export function installBrowser(): Promise<{
  chromium: { launch(options: object): Promise<unknown> };
  executablePath: string;
}>;
