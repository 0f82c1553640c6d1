/**
 * The environment of a stdio server: that of the newest window (or of this process) without VS Code's
 * own variables, which would turn an Electron child into Node or point it at a window's sockets, plus
 * what the server's configuration adds.
 */
export function childEnvironment(
  base: Readonly<NodeJS.ProcessEnv>,
  added: Readonly<Record<string, string>>,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const env: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && !/^(VSCODE_|ELECTRON_)/i.test(name)) env[name] = value;
  }
  for (const [name, value] of Object.entries(added)) {
    // Windows knows one variable under all spellings: "Path" must not stand beside "PATH".
    if (platform === 'win32') {
      for (const other of Object.keys(env)) {
        if (other.toLowerCase() === name.toLowerCase()) delete env[other];
      }
    }
    env[name] = value;
  }
  return env;
}
