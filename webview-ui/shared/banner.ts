import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';

export interface NextStep {
  label: string;
  run(): void;
}

export interface BannerContent {
  severity: 'error' | 'warning' | 'info';
  /** What happened. */
  what: string;
  /** Where, or the cause. */
  where?: string;
  /** What the user can do about it. */
  next?: readonly NextStep[];
}

/** Says what is wrong, where, and offers the next step; read out when it appears. */
export function banner({ severity, what, where = '', next = [] }: BannerContent): TemplateResult {
  return html`<div class="banner ${severity}" role=${severity === 'error' ? 'alert' : 'status'}>
    <span class="codicon codicon-${severity}" aria-hidden="true"></span>
    <div class="text">
      <div>${what}</div>
      ${where === '' ? nothing : html`<div class="muted">${where}</div>`}
    </div>
    ${next.map(
      ({ label, run }) => html`<vscode-button secondary @click=${run}>${label}</vscode-button>`,
    )}
  </div>`;
}
