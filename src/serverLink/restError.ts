/** A refusal of the server's REST API. */
export class RestError extends Error {
  override readonly name = 'RestError';

  constructor(
    /** The HTTP status code. */
    readonly status: number,
    /** What is wrong, in a few words. */
    readonly error: string,
    /** Where: a field's path, an id, the cause. */
    readonly detail: string,
  ) {
    super(detail === '' || detail === error ? error : `${error}: ${detail}`);
  }
}
