/** Whether a URL's host name is this machine's, by its name or number. */
export function isLoopbackName(hostname: string): boolean {
  const isName = hostname === 'localhost' || hostname.endsWith('.localhost'); // RFC 6761, section 6.3
  return isName || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
