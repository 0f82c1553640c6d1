import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/contract/json.ts';

/** Pictures that are shown. SVG is none of them: it is a document of its own. */
const pictureTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** The most characters of a text that are shown. */
const mostCharacters = 200_000;

/** One content block of MCP. What it holds comes from others, and stays text. */
export function contentView(block: JsonObject): TemplateResult {
  const { type, text, data, mimeType, resource } = block;
  if (type === 'text' && typeof text === 'string') return textView(text);
  if (type === 'image') return pictureView(data, mimeType);
  if (type === 'resource' && isJsonObject(resource)) return resourceView(resource);
  if (type === 'resource_link') return linkView(block);
  if (type === 'audio') return html`<p class="muted">${sizeText('audio', data, mimeType)}</p>`;
  return jsonView(block);
}

/** A value as JSON, indented. */
export function jsonView(value: JsonValue): TemplateResult {
  return preformatted(JSON.stringify(value, undefined, 2));
}

/** Text as it is; JSON indented. */
function textView(text: string): TemplateResult {
  return preformatted(indented(text) ?? text);
}

function indented(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text) || text.length > mostCharacters) return undefined;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return undefined; // it only begins like JSON
  }
}

function preformatted(text: string): TemplateResult {
  const isCut = text.length > mostCharacters;
  return html`<pre class="output" tabindex="0">${text.slice(0, mostCharacters)}</pre>
    ${isCut ? html`<p class="muted">${l10n.t('{0} more characters', text.length - mostCharacters)}</p>` : ''}`;
}

function pictureView(data: JsonValue | undefined, mimeType: JsonValue | undefined): TemplateResult {
  const isShown =
    typeof mimeType === 'string' &&
    pictureTypes.includes(mimeType.toLowerCase()) &&
    typeof data === 'string' &&
    /^[A-Za-z0-9+/=\s]*$/.test(data);
  if (!isShown) return html`<p class="muted">${sizeText('image', data, mimeType)}</p>`;
  const alt = l10n.t('Picture of type {0}', mimeType);
  return html`<img class="picture" src=${`data:${mimeType.toLowerCase()};base64,${data}`} alt=${alt} />`;
}

function resourceView({ uri, mimeType, text, blob }: JsonObject): TemplateResult {
  const content =
    typeof text === 'string' ? textView(text) : pictureView(blob, mimeType ?? 'application/*');
  return html`<div class="stack">
    <div class="muted">${l10n.t('Resource')} <code>${asText(uri)}</code> ${asText(mimeType)}</div>
    ${content}
  </div>`;
}

function linkView({ uri, name, description, mimeType }: JsonObject): TemplateResult {
  return html`<div>
    <span class="codicon codicon-link" aria-hidden="true"></span>
    ${l10n.t('Link to a resource:')} ${asText(name)} <code>${asText(uri)}</code>
    <span class="muted">${asText(mimeType)} ${asText(description)}</span>
  </div>`;
}

function sizeText(
  kind: 'image' | 'audio',
  data: JsonValue | undefined,
  mimeType: JsonValue | undefined,
): string {
  const bytes = typeof data === 'string' ? Math.floor((data.length * 3) / 4) : 0;
  const type = asText(mimeType) || kind;
  return l10n.t('{0}, about {1} bytes: not shown', type, bytes);
}

function asText(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
