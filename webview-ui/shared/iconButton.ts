import { html, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';

export interface IconButton {
  /** Name of a codicon. */
  icon: string;
  /** Read out, and shown as a tooltip. */
  label: string;
  run(event: Event): void;
  disabled?: boolean;
  /** Of a toggle. */
  pressed?: boolean;
}

/** A button as in VS Code's toolbars. */
export function iconButton({ icon, label, run, disabled, pressed }: IconButton): TemplateResult {
  return html`<button
    type="button"
    class="icon-button"
    title=${label}
    aria-label=${label}
    aria-pressed=${ifDefined(pressed === undefined ? undefined : (String(pressed) as 'true' | 'false'))}
    ?disabled=${disabled ?? false}
    @click=${run}
  >
    <span class="codicon codicon-${icon}" aria-hidden="true"></span>
  </button>`;
}
