import type { JsonObject } from '../../contract/json.ts';
import { RpcError, rpcCodes } from '../../contract/jsonRpc.ts';
import type { ServerRecord } from '../../contract/servers.ts';
import type { CallOwner } from './callOwner.ts';
import type { ConnectionSlot } from './connectionSlot.ts';
import type { ServerCatalog } from './serverCatalog.ts';
import type { SlotDirectory } from './slotDirectory.ts';

export interface RootsHost {
  readonly catalog: Pick<ServerCatalog, 'learn'>;
  /** @throws UpstreamError where the server was deleted or switched off */
  usableRecord(): ServerRecord;
}

/** Answers a server that asks for roots; from then on its connections are kept apart by roots. */
export class RootsAnswers {
  /** @param ending of the server */
  constructor(
    private readonly host: RootsHost,
    private readonly directory: SlotDirectory,
    private readonly ending: AbortSignal,
  ) {}

  /**
   * @param owner whose question it seems to be
   * @throws RpcError where that is not clear, or roots are withheld from the server
   */
  async answer(slot: ConnectionSlot, owner: CallOwner): Promise<readonly JsonObject[]> {
    const { directory } = this;
    if (this.host.usableRecord().withheld_capabilities.includes('roots')) {
      throw new RpcError(rpcCodes.methodNotFound, 'The client does not support roots.');
    }
    this.host.catalog.learn('asks_roots');
    if (slot.roots !== undefined) return slot.roots;
    if (owner.kind === 'unclear') {
      directory.claim(slot, undefined);
      slot.established?.connection.retire();
      const text = 'Calls of several clients are open, and nothing tells whose roots are meant.';
      throw new RpcError(rpcCodes.invalidRequest, text);
    }
    const party = owner.kind === 'party' ? owner.caller.party : slot.starter;
    directory.claim(slot, party);
    const roots = party === undefined ? [] : await directory.rootsOf(party, this.ending);
    directory.settle(slot, roots);
    return roots;
  }
}
