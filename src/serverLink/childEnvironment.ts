/**
 * An environment without the variables by which VS Code and Electron talk to their own processes:
 * in a child they would change what `node` or `code` do.
 */
export function childEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !/^(VSCODE|ELECTRON)_/i.test(name)) kept[name] = value;
  }
  return { ...kept };
}
