import * as vscode from 'vscode';
import type { EditorQuestion } from '../../contract/questions.ts';

/** Who asks: the server, its tool, the client that called and the vMCP through which. */
export function sourceText({ server, tool, client, vmcp }: EditorQuestion): string {
  const { t } = vscode.l10n;
  const who = server ?? vmcp;
  return tool === undefined
    ? t('The MCP server “{0}”, used by {1} through the vMCP “{2}”,', who, client, vmcp)
    : t('The tool “{0}” of “{1}”, called by {2} through the vMCP “{3}”,', tool, who, client, vmcp);
}
