import type { JsonObject } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import { restClientId } from '../../activity/clientId.ts';
import type { EditorAnswers } from '../../editor/editorAnswers.ts';
import type { Caller } from '../../upstream/caller.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';
import type { VmcpRequest } from '../../vmcp/operations/operations.ts';
import type { Leases } from '../socket/leases.ts';

/** Of vMCPs, and of servers that are used as they are. */
const maxCallers = 1000;

/**
 * Makes the requests of whoever calls through REST, which can neither be notified nor asked. Its roots are
 * the folders of the newest window, whose user tries things out.
 */
export class RestRequests {
  /** One for each vMCP or server: users of one are told apart from those of another. */
  readonly #callers = new Map<string, Caller>();

  constructor(
    private readonly editor: EditorAnswers,
    private readonly leases: Leases,
    upstreams: Pick<Upstreams, 'rootsChanged'>,
  ) {
    let folders = leases.newestFolders;
    leases.onChange(() => {
      if (leases.newestFolders === folders) return;
      folders = leases.newestFolders;
      for (const { party } of this.#callers.values()) upstreams.rootsChanged(party);
    });
  }

  /** A request to a vMCP. */
  make(vmcpId: string, method: string, params: JsonObject, signal: AbortSignal): VmcpRequest {
    return {
      vmcpId,
      method,
      params,
      caller: this.#caller(vmcpId),
      signal,
      client: { id: restClientId, name: 'REST' },
    };
  }

  #caller(usedId: string): Caller {
    const known = this.#callers.get(usedId);
    if (known) return known;
    if (this.#callers.size >= maxCallers) this.#callers.clear();
    const { editor, leases } = this;
    const caller: Caller = {
      party: {
        id: `rest ${usedId}`,
        get capabilities() {
          return editor.capabilities(usedId, {});
        },
        roots: () => Promise.resolve(leases.newestFolders ?? []),
      },
      notify: () => undefined,
      canAnswer: () => false,
      ask: (method) => {
        const text = `A REST call cannot answer ${method}`;
        return Promise.reject(new RpcError(rpcCodes.methodNotFound, text));
      },
    };
    this.#callers.set(usedId, caller);
    return caller;
  }
}
