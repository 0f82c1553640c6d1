import * as vscode from 'vscode';
import type { ServerEvent } from '../../contract/events.ts';
import type { Vmcp } from '../../contract/vmcps.ts';
import { messageOf } from '../../serverLink/linkError.ts';
import type { RestClient } from '../../serverLink/restClient.ts';
import { ReviewClient } from '../../serverLink/reviewClient.ts';
import type { Inventory } from '../inventory.ts';
import { changedToolsTexts } from './changedToolsText.ts';
import { withoutLinks } from './plainSight.ts';
import type { ReviewDocuments } from './reviewDocuments.ts';

export interface ToolChangeParts {
  inventory: Inventory;
  documents: ReviewDocuments;
  log: vscode.LogOutputChannel;
  client(): RestClient;
  onEvent: (listener: (event: ServerEvent) => void) => { dispose(): void };
}

/** Tells of tools that changed, shows how, and takes the user's acceptance. */
export class ToolChangeNotices {
  readonly #following: { dispose(): void };
  /** vMCPs whose notification is open: what changes meanwhile is seen with it. */
  readonly #open = new Set<string>();

  constructor(private readonly parts: ToolChangeParts) {
    this.#following = parts.onEvent((event) => {
      if (event.type !== 'vmcp.tool_changes' || event.tools.length === 0) return;
      // Every window hears of it: the one that the user looks at tells.
      if (!vscode.window.state.focused) return;
      this.#tell(event.vmcp_id, event.tools).catch((error: unknown) => {
        parts.log.error(messageOf(error));
      });
    });
  }

  /** Opens all changes of a vMCP in the diff editor, and offers to accept them. */
  async review({ vmcp_id, name }: Vmcp): Promise<void> {
    const client = new ReviewClient(this.parts.client());
    const changes = await client.toolChanges(vmcp_id);
    if (changes.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('No tool of {0} differs from what was accepted.', name),
      );
      return;
    }
    const { before, after } = changedToolsTexts(changes);
    const title = vscode.l10n.t('Changed tools of {0}: as accepted, and now', name);
    await this.parts.documents.compare(name, before, after, title);
    const odd = changes.filter(({ findings }) => findings.length > 0).length;
    const accept = vscode.l10n.t('Accept');
    const question = [
      changes.length === 1
        ? vscode.l10n.t('Accept the changed tool of {0}?', name)
        : vscode.l10n.t('Accept {0} changed tools of {1}?', changes.length, name),
      ...(odd > 0 ? [vscode.l10n.t('Some texts are odd: see “(look at this)”.')] : []),
    ].join(' ');
    const show = odd > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
    if ((await show(question, accept)) !== accept) return;
    const looked = changes.map(({ server_id, tool, fingerprint }) => {
      return { server_id, tool, fingerprint };
    });
    await client.acceptToolChanges(vmcp_id, { changes: looked });
  }

  async accept({ vmcp_id }: Vmcp): Promise<void> {
    await new ReviewClient(this.parts.client()).acceptToolChanges(vmcp_id, {});
  }

  dispose(): void {
    this.#following.dispose();
  }

  async #tell(vmcpId: string, tools: readonly string[]): Promise<void> {
    const vmcp = this.parts.inventory.vmcp(vmcpId);
    if (!vmcp || this.#open.has(vmcpId)) return;
    this.#open.add(vmcpId);
    const names = withoutLinks(tools.slice(0, 5).join(', ')) + (tools.length > 5 ? ', …' : '');
    const message =
      vmcp.options.tool_changes === 'review'
        ? vscode.l10n.t('Tools of {0} are held back, since they changed: {1}', vmcp.name, names)
        : vscode.l10n.t('Tools of {0} changed: {1}', vmcp.name, names);
    const [review, accept] = [vscode.l10n.t('Review changes'), vscode.l10n.t('Accept')];
    const show =
      vmcp.options.tool_changes === 'review'
        ? vscode.window.showWarningMessage
        : vscode.window.showInformationMessage;
    try {
      const chosen = await show(message, review, accept);
      if (chosen === review) await this.review(vmcp);
      if (chosen === accept) await this.accept(vmcp);
    } finally {
      this.#open.delete(vmcpId);
    }
  }
}
