import type { JsonObject } from '../../src/contract/json.ts';
import type {
  OperationInput,
  OperationName,
  OperationReply,
} from '../../src/contract/webview/operations.ts';
import type { WindowLink } from './windowLink.ts';

/** The server's REST operations, as far as the window passes them on for this page. */
export class Rest {
  constructor(private readonly link: WindowLink) {}

  /** @throws RequestFailure as the server refused it, or where it was not reached */
  async call<N extends OperationName>(
    name: N,
    input: OperationInput<N>,
    signal?: AbortSignal,
  ): Promise<OperationReply<N>> {
    const body = await this.link.request('rest', name, input as unknown as JsonObject, signal);
    return body as OperationReply<N>;
  }
}
