/** Why there is no connection to the vMCP server, in words for the user. */
export class LinkError extends Error {
  override readonly name = 'LinkError';

  constructor(
    readonly code: 'not_started' | 'incompatible' | 'crashing' | 'refused',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
