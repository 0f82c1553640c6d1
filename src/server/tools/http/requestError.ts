/** A request that cannot be sent as it came out; the message names the place and what is wrong. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** `node-fetch` keeps only code and message of what made a connection fail. */
  static readonly code = 'ERR_HTTP_TOOL_REQUEST';
  readonly code = RequestError.code;
}
