import type { RepeatRequest } from './repeatRequest.ts';

/**
 * A request as a line for a POSIX shell. The token is left to a variable of the shell's: what is
 * copied is pasted into chats and tickets.
 */
export function curlCommand(request: RepeatRequest, baseUrl: string): string {
  const parts = [
    `curl -sS ${request.method === 'GET' ? '' : `-X ${request.method} `}${quoted(baseUrl + request.path)}`,
    '-H "Authorization: Bearer $VMCP_TOKEN"',
    ...(request.body === undefined
      ? []
      : [
          `-H 'Content-Type: application/json'`,
          `--data-raw ${quoted(JSON.stringify(request.body))}`,
        ]),
  ];
  return parts.join(' \\\n  ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
