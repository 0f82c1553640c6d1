import type { PageStart } from '../../contract/webview/messages.ts';

export interface PageFiles {
  script: string;
  style: string;
  icons: string;
}

export interface HtmlOptions {
  files: PageFiles;
  /** Where VS Code serves the extension's files from. */
  cspSource: string;
  /** Random, of this page alone: only scripts that carry it run. */
  nonce: string;
  language: string;
  title: string;
  start: PageStart;
}

/**
 * The document of a page: its own script and styles, and the data it begins with. Nothing is loaded
 * from elsewhere, no inline style or handler is allowed, and nothing is sent anywhere.
 */
export function pageHtml({ files, cspSource, nonce, ...options }: HtmlOptions): string {
  const policy = [
    "default-src 'none'",
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    // The components' styles hold one; nothing leaves the page by it.
    'img-src data:',
    `script-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(options.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(options.title)}</title>
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="${escapeHtml(files.icons)}">
<link rel="stylesheet" href="${escapeHtml(files.style)}">
</head>
<body>
<script type="application/json" id="start">${jsonInHtml(options.start)}</script>
<script nonce="${nonce}" type="module" src="${escapeHtml(files.script)}"></script>
</body>
</html>
`;
}

/** JSON that cannot end the element it stands in. */
function jsonInHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
