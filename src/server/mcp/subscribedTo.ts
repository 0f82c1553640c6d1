/** The updated URI may lie below a subscribed one (MCP server/resources, “Subscriptions”). */
export function isSubscribedTo(subscriptions: Iterable<string>, uri: unknown): boolean {
  if (typeof uri !== 'string') return false;
  for (const subscribed of subscriptions) {
    if (uri === subscribed || uri.startsWith(`${subscribed.replace(/\/$/, '')}/`)) return true;
  }
  return false;
}
