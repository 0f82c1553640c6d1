import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { LogEntry, LogSummary } from '../../../src/contract/stats.ts';
import { banner } from '../../shared/banner.ts';
import { loading } from '../../shared/loading.ts';
import type { Dashboard } from '../dashboard.ts';
import { formatDuration, formatJson } from '../format.ts';
import { serverName, vmcpName } from '../names.ts';
import { copyCurl, copyRecord, runAgain } from '../recordActions.ts';
import { outcome } from './outcome.ts';

/** Methods that a click does again. */
const repeatable = ['tools/call', 'prompts/get', 'resources/read'];

/** A record with all that is kept of it, and what can be done with it. */
export function logRecord(dashboard: Dashboard, row: LogSummary): TemplateResult {
  const { open } = dashboard.records;
  if (open?.failure) {
    return banner({ severity: 'error', what: open.failure.error, where: open.failure.detail });
  }
  if (!open?.entry) return loading();
  const { entry } = open;
  return html`<div class="stack">
    ${facts(dashboard, entry)} ${entry.error === null ? nothing : value(l10n.t('Error'), entry.error)}
    ${value(l10n.t('Arguments'), entry.arguments)}
    ${entry.result === null ? nothing : value(l10n.t('Result'), entry.result)}
    ${
      Object.keys(entry.active_config_snapshot).length > 0
        ? value(l10n.t('Configuration at that time'), entry.active_config_snapshot)
        : nothing
    }
    ${actions(dashboard, entry, row)} ${ranAgain(dashboard)}
  </div>`;
}

function facts(dashboard: Dashboard, entry: LogEntry): TemplateResult {
  const server = entry.mcp_server_id && serverName(dashboard, entry.mcp_server_id);
  const rows: [string, string][] = [
    [l10n.t('When'), new Date(entry.timestamp).toLocaleString()],
    [l10n.t('Took'), formatDuration(entry.duration_ms)],
    [l10n.t('Method'), entry.method],
    ...(entry.target === null ? [] : [[l10n.t('Target'), entry.target] as [string, string]]),
    [l10n.t('vMCP'), vmcpName(dashboard, entry.vmcp_id)],
    ...(server ? [[l10n.t('Server'), server] as [string, string]] : []),
    [l10n.t('Client'), entry.client_name],
    [l10n.t('Tools listed then'), String(entry.tools_exposed)],
    [l10n.t('Id'), entry.log_id],
  ];
  return html`<dl class="facts">
    ${rows.map(
      ([name, text]) => html`<div>
        <dt>${name}</dt>
        <dd>${text}</dd>
      </div>`,
    )}
  </dl>`;
}

function value(title: string, content: unknown): TemplateResult {
  const text = typeof content === 'string' ? content : formatJson(content);
  return html`<div>
    <h3>${title}</h3>
    <pre tabindex="0" role="region" aria-label=${title}>${text}</pre>
  </div>`;
}

function actions(dashboard: Dashboard, entry: LogEntry, row: LogSummary): TemplateResult {
  const { open } = dashboard.records;
  const canRepeat = repeatable.includes(row.method);
  return html`<div class="row">
    ${
      canRepeat
        ? html`<vscode-button
              ?disabled=${open?.isRunning ?? false}
              @click=${() => void runAgain(dashboard, entry)}
              >${open?.isRunning ? l10n.t('Running…') : l10n.t('Run again')}</vscode-button
            >
            <vscode-button secondary @click=${() => void copyCurl(dashboard, entry)}
              >${l10n.t('Copy as curl')}</vscode-button
            >`
        : nothing
    }
    <vscode-button secondary @click=${() => void copyRecord(dashboard, entry)}
      >${l10n.t('Copy record')}</vscode-button
    >
    <span class="muted" role="status">${open?.said ?? ''}</span>
  </div>`;
}

/** What came of running it again. */
function ranAgain(dashboard: Dashboard): TemplateResult | typeof nothing {
  const result = dashboard.records.open?.outcome;
  if (result?.status !== 'done') return nothing;
  return html`<div class="again" role="status">
    <h3>${l10n.t('Run again')}: ${outcome(result.success)} ${formatDuration(result.duration_ms)}</h3>
    <pre tabindex="0" role="region" aria-label=${l10n.t('Result of the new run')}>${formatJson(result.result)}</pre>
  </div>`;
}
