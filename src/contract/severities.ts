/** Severities of RFC 5424 as MCP names them, least severe first (MCP server/utilities/logging). */
export const severities: readonly string[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
];
