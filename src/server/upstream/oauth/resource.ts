/** What tokens are for: the address without query and fragment. */
export function resourceOf(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}
