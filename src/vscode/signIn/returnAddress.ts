import * as vscode from 'vscode';

/** Of the addresses of VS Code itself (`vscode://vmcp.vmcp/…`), the one that takes answers to sign-ins. */
export const answerPath = '/oauth/callback';

/**
 * Where a browser comes back to from a sign-in. Beside the server it is a port of the server's own; from
 * another machine the tunnel to the port that it keeps, where the tunnel has the same one; else VS Code.
 * @param port that the server keeps
 * @returns undefined for a port of the server's own
 */
export async function returnAddress(
  port: number,
  extensionId: string,
): Promise<string | undefined> {
  const isDesktop = vscode.env.uiKind === vscode.UIKind.Desktop;
  if (isDesktop && vscode.env.remoteName === undefined) return undefined;
  if (isDesktop) {
    const kept = `http://127.0.0.1:${port}/oauth/callback`;
    const tunnel = await vscode.env.asExternalUri(vscode.Uri.parse(kept));
    const [host, itsPort] = tunnel.authority.split(':');
    const isNear = host === '127.0.0.1' || host === 'localhost';
    if (isNear && Number(itsPort) === port) return addressOf(tunnel);
  }
  const own = vscode.Uri.parse(`${vscode.env.uriScheme}://${extensionId}${answerPath}`);
  return addressOf(await vscode.env.asExternalUri(own));
}

/** The address as it was made: in a browser its path holds a query, which `toString` would encode. */
function addressOf({ scheme, authority, path, query }: vscode.Uri): string {
  return `${scheme}://${authority}${path}${query === '' ? '' : `?${query}`}`;
}
