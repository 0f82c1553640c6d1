const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether a `Host` header names this machine's loopback, with our port or none. A page that had its
 * own name resolved to 127.0.0.1 (DNS rebinding) sends that name and is refused.
 */
export function isLoopbackHost(host: string | undefined, port: number | undefined): boolean {
  if (host === undefined) return false;
  const colon = host.lastIndexOf(':');
  const bracket = host.lastIndexOf(']');
  if (colon === -1 || colon < bracket) return loopbackNames.has(host.toLowerCase());
  return (
    host.slice(colon + 1) === String(port) && loopbackNames.has(host.slice(0, colon).toLowerCase())
  );
}
