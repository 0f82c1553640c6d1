import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { JsonRpcMessage } from '../../src/contract/jsonRpc.ts';
import { EditorAnswers } from '../../src/server/editor/editorAnswers.ts';
import { LineLog } from '../../src/server/log.ts';
import { ModernEdge } from '../../src/server/mcp/modern/modernEdge.ts';
import type { Store } from '../../src/server/store/store.ts';
import type { CompiledVmcp } from '../../src/server/vmcp/compile/compiledVmcp.ts';
import type { Vmcps } from '../../src/server/vmcp/configuration/vmcps.ts';
import type { Operations } from '../../src/server/vmcp/operations/operations.ts';
import { PartyMemories } from '../../src/server/vmcp/operations/partyMemory.ts';
import { isAlive, Rig } from '../fixtures/upstream/rig.ts';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { ModernRaw } from '../support/modernRaw.ts';

const elicitation = { capabilities: { elicitation: { form: {} } } };
const call = (name: string, args: object = {}) => ({ name, arguments: args });
const ask = call('ask', { method: 'elicitation/create', params: { message: 'Name?' } });

describe('calls of clients that do not come back in time', () => {
  const cleanup = useCleanup();
  let rig: Rig;
  let client: ModernRaw;

  beforeEach(async () => {
    rig = await Rig.start();
    cleanup.add(() => rig.stop());
    client = await serve(rig, rig.addOdd());
  });

  /** The edge, with a short patience, straight before one server. */
  async function serve({ upstreams, bus: events }: Rig, serverId: string) {
    const log = new LineLog('error', () => undefined);
    const compiled = {
      ...{ serverName: 'odd', serverIds: [serverId] },
      resolveTool: () => undefined,
    } as unknown as CompiledVmcp;
    const vmcps = { compiled: () => compiled, find: (id: string) => id } as unknown as Vmcps;
    const operations: Pick<Operations, 'perform'> = {
      perform: (request) => upstreams.call(serverId, request),
    };
    const store = { collections: { vmcps: new Map() } } as unknown as Store;
    const edge = new ModernEdge({
      ...{ vmcps, upstreams, events, log, version: '1', memories: new PartyMemories() },
      operations: operations as Operations,
      editor: new EditorAnswers({ store, events, log }),
      parking: { limit: 8, lifeMs: 1_000 },
    });
    const address = { vmcp: 'one', rest: '', tokenId: null, prefix: '' } as const;
    const server = createServer(async (request, response) => {
      edge.takes((await json(request)) as JsonRpcMessage, request, response, address);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const raw = new ModernRaw(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    cleanup.add(() => {
      raw.close();
      edge.close();
      server.closeAllConnections();
      server.close();
    });
    return raw;
  }

  it('leave no call, no lease and no process, and their states are void', async () => {
    const pids: number[] = [];
    const { add } = rig.reaper;
    rig.reaper.add = (pid) => {
      pids.push(pid);
      add.call(rig.reaper, pid);
    };
    const states: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { result } = await client.request('tools/call', ask, elicitation);
      assert.equal(result.resultType, 'input_required');
      states.push(result.requestState);
    }
    const shared = await client.request('tools/call', call('pid'));
    const sharedPid = Number(shared.result.content[0].text);
    const leased = pids.filter((pid) => pid !== sharedPid);
    assert(leased.length >= 2, `${leased.length} processes wait for answers`);
    await eventually(() => !leased.some(isAlive), { what: 'the end of what waited' });
    for (const requestState of states) {
      const { error } = await client.request('tools/call', { ...ask, requestState }, elicitation);
      assert.deepEqual(error?.data, { reason: 'invalid_request_state' });
    }
    // and there is room for others
    const { result } = await client.request('tools/call', ask, elicitation);
    assert.equal(result.resultType, 'input_required');
  });
});
