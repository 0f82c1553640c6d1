import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textarea/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';

interface FieldBase {
  /** Unique in the page, of letters, digits, `-` and `_`. */
  id: string;
  label: string;
  /** What it means. */
  hint?: string;
  /** What is wrong with the value. */
  problem?: string | undefined;
  disabled?: boolean;
}

export interface TextField extends FieldBase {
  value: string;
  placeholder?: string;
  type?: 'text' | 'password' | 'search';
  /** As wide as the page. */
  wide?: boolean;
  onInput(value: string): void;
}

/** One line of text with its label. */
export function textField(field: TextField): TemplateResult {
  return framed(
    field,
    html`<vscode-textfield
      id=${field.id}
      class=${field.wide ? 'wide' : ''}
      .label=${accessibleName(field)}
      .value=${field.value}
      .type=${field.type ?? 'text'}
      .placeholder=${field.placeholder ?? ''}
      ?invalid=${field.problem !== undefined}
      ?disabled=${field.disabled ?? false}
      @input=${(event: Event) => field.onInput(inputValue(event))}
    ></vscode-textfield>`,
  );
}

export interface TextArea extends Omit<TextField, 'type'> {
  rows: number;
  monospace?: boolean;
}

/** Several lines of text with their label. */
export function textArea(field: TextArea): TemplateResult {
  return framed(
    field,
    html`<vscode-textarea
      id=${field.id}
      class=${field.wide ? 'wide' : ''}
      .label=${accessibleName(field)}
      .value=${field.value}
      .rows=${field.rows}
      .placeholder=${field.placeholder ?? ''}
      resize="vertical"
      ?monospace=${field.monospace ?? false}
      ?invalid=${field.problem !== undefined}
      ?disabled=${field.disabled ?? false}
      @input=${(event: Event) => field.onInput(inputValue(event))}
    ></vscode-textarea>`,
  );
}

export interface SelectList {
  id: string;
  /** The accessible name. */
  label: string;
  /** The first choice where it is left out. */
  value?: string;
  choices: readonly { value: string; label: string }[];
  invalid?: boolean;
  disabled?: boolean;
  onChange?(value: string): void;
}

/** One of several values, as a control without its label. */
export function selectList(list: SelectList): TemplateResult {
  return html`<vscode-single-select
    id=${list.id}
    .label=${list.label}
    .value=${list.value ?? list.choices[0]?.value ?? ''}
    ?invalid=${list.invalid ?? false}
    ?disabled=${list.disabled ?? false}
    @pointerdown=${placeList}
    @keydown=${placeList}
    @change=${(event: Event) => list.onChange?.(inputValue(event))}
  >
    ${repeat(
      list.choices,
      ({ value }) => value,
      ({ value, label }) => html`<vscode-option value=${value}>${label}</vscode-option>`,
    )}
  </vscode-single-select>`;
}

/** Near the lower edge the list opens upwards: else it would be cut off. */
function placeList(event: Event): void {
  const select = event.currentTarget as HTMLElement & { position: 'above' | 'below' };
  const { top, bottom } = select.getBoundingClientRect();
  const below = window.innerHeight - bottom;
  select.position = below < listHeight && top > below ? 'above' : 'below';
}

/** Of ten choices, and the description of one. */
const listHeight = 250;

export interface SelectField extends FieldBase {
  value: string;
  choices: readonly { value: string; label: string }[];
  onChange(value: string): void;
}

/** One of several values, with a label. */
export function selectField(field: SelectField): TemplateResult {
  const { id, value, choices, onChange, disabled = false } = field;
  const invalid = field.problem !== undefined;
  const label = accessibleName(field);
  return framed(field, selectList({ id, label, value, choices, onChange, disabled, invalid }));
}

export interface CheckField {
  label: string;
  hint?: string;
  checked: boolean;
  /** Some of what it stands for is on. */
  partly?: boolean;
  disabled?: boolean;
  onChange(checked: boolean): void;
}

/** Something that is on or off. */
export function checkField(field: CheckField): TemplateResult {
  return html`<div class="check">
    <vscode-checkbox
      .label=${field.label}
      .checked=${field.checked}
      .indeterminate=${field.partly ?? false}
      ?disabled=${field.disabled ?? false}
      @change=${(event: Event) => field.onChange((event.target as HTMLInputElement).checked)}
    ></vscode-checkbox>
    ${field.hint === undefined ? nothing : html`<div class="muted">${field.hint}</div>`}
  </div>`;
}

function framed(field: FieldBase, control: TemplateResult): TemplateResult {
  return html`<div class="field">
    <label class="name" for=${field.id}>${field.label}</label>
    ${field.hint === undefined ? nothing : html`<div class="muted">${field.hint}</div>`}
    ${control} ${problemLine(field.problem)}
  </div>`;
}

/** What is wrong with a value, below its input. */
export function problemLine(problem: string | undefined): TemplateResult | typeof nothing {
  if (problem === undefined) return nothing;
  return html`<div class="wrong" role="alert">
    <span class="codicon codicon-error" aria-hidden="true"></span><span>${problem}</span>
  </div>`;
}

/** The inputs themselves lie in shadow trees, where no description of the page reaches them. */
function accessibleName({ label, problem }: FieldBase): string {
  return problem === undefined ? label : `${label}. ${problem}`;
}

function inputValue(event: Event): string {
  return (event.currentTarget as HTMLInputElement).value;
}
