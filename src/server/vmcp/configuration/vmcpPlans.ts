import { isDeepStrictEqual } from 'node:util';
import type { VmcpRecord } from '../../../contract/vmcps.ts';
import { ConflictError, InvalidError } from '../../appErrors.ts';
import type { Consents, Requester } from '../../consent/consents.ts';
import type { Change } from '../../store/records.ts';
import { secretNames } from '../../store/secretNames.ts';
import type { Store } from '../../store/store.ts';
import type { CompiledVmcps } from '../compile/compiledVmcps.ts';
import type { CompileIssue } from '../compile/serverPart.ts';
import type { PythonSignatures } from '../custom/pythonSignatures.ts';
import { assignServerNames, serverNamesKey, serverNamesSetting } from '../naming/serverNames.ts';
import type { ToolReviews } from '../review/toolReviews.ts';
import type { ImportResult } from './importVmcp.ts';
import type { WritePlan, WrittenSecrets } from './plannedWrite.ts';
import { planSecrets } from './secretSlots.ts';
import { requireFreeName } from './uniqueName.ts';
import { requireValuesOfFormerSecrets, separateVmcpSecrets } from './vmcpSecrets.ts';

export interface VmcpPlansDeps {
  store: Store;
  consents: Consents;
  compiled: CompiledVmcps;
  signatures: PythonSignatures;
  reviews: Pick<ToolReviews, 'removal'>;
  timestamp(): string;
}

/** Plans writes of vMCPs against the present state. */
export class VmcpPlans {
  constructor(private readonly deps: VmcpPlansDeps) {}

  /** @throws ConflictError, InvalidError */
  put(before: VmcpRecord | undefined, wanted: VmcpRecord, written: WrittenSecrets): WritePlan {
    const { store, signatures } = this.deps;
    const { vmcp_id } = wanted;
    const others = this.#others(vmcp_id);
    requireFreeName('vMCP', wanted.name, others);
    if (before) requireValuesOfFormerSecrets(before, wanted);
    const { masked: record, slots } = separateVmcpSecrets(wanted);
    const slotsBefore = before ? separateVmcpSecrets(before).slots : [];
    const namesBefore = new Set(slotsBefore.map(({ name }) => name));
    const prefix = secretNames.vmcp(vmcp_id);
    const plan = planSecrets(store.secrets, slots, namesBefore, prefix, written);
    if (Object.keys(plan.secrets).length === 0 && isDeepStrictEqual(record, before)) {
      return { changes: [], ...plan };
    }
    this.#requireFit(record, before);
    const put = { ...record, updated_at: this.deps.timestamp() };
    const changes: Change[] = [{ collection: 'vmcps', put }, ...signatures.changes(put)];
    return { changes: [...changes, ...this.#serverNames([...others, put])], ...plan };
  }

  import(imported: ImportResult, by: Requester): WritePlan & { imported: ImportResult } {
    const { vmcp, newServers, secrets } = imported;
    const changes: Change[] = newServers.map((put) => ({ collection: 'servers', put }));
    for (const server of newServers) {
      changes.push(...this.deps.consents.changesFor(undefined, server, by, true));
    }
    changes.push({ collection: 'vmcps', put: vmcp });
    changes.push(...this.#serverNames([...this.#others(vmcp.vmcp_id), vmcp]));
    const values = Object.fromEntries(secrets.map(({ name, value }) => [name, value]));
    return { changes, secrets: values, obsoleteSecrets: [], imported };
  }

  delete(vmcpId: string): WritePlan {
    const { store, signatures, reviews } = this.deps;
    const changes: Change[] = [{ collection: 'vmcps', delete: vmcpId }];
    if (store.collections.nameClaims.get(vmcpId)) {
      changes.push({ collection: 'nameClaims', delete: vmcpId });
    }
    for (const { token_id, vmcp_id } of store.collections.clientTokens.all()) {
      if (vmcp_id === vmcpId) changes.push({ collection: 'clientTokens', delete: token_id });
    }
    changes.push(...signatures.removal(vmcpId), ...reviews.removal(vmcpId));
    changes.push(...this.#serverNames(this.#others(vmcpId)));
    const obsoleteSecrets = store.secrets.names(secretNames.vmcp(vmcpId));
    return { changes, secrets: {}, obsoleteSecrets };
  }

  #others(vmcpId: string): VmcpRecord[] {
    return [...this.deps.store.collections.vmcps.all()].filter((o) => o.vmcp_id !== vmcpId);
  }

  /** Refuses what a change brings in that does not fit; what did not fit before may stay. */
  #requireFit(record: VmcpRecord, before: VmcpRecord | undefined): void {
    const { compiled } = this.deps;
    const key = ({ problem }: CompileIssue) => JSON.stringify(problem);
    const known = new Set(before && compiled.get(before.vmcp_id).issues.map(key));
    const issue = compiled
      .preview(record)
      .issues.find((candidate) => candidate.refusal && !known.has(key(candidate)));
    if (!issue) return;
    const { problem, path, reason } = issue;
    if (issue.refusal === 'conflict') throw new ConflictError(problem.message, path);
    const what =
      reason === undefined
        ? `The override of "${problem.argument}" of tool "${problem.tool}" does not fit its schema`
        : 'The definition has an error';
    throw new InvalidError(what, `${path}: ${reason ?? problem.message}`);
  }

  #serverNames(vmcps: readonly VmcpRecord[]): Change[] {
    const kept = this.deps.store.collections.settings.get(serverNamesKey);
    const put = serverNamesSetting(vmcps, assignServerNames(vmcps, kept));
    return isDeepStrictEqual(put, kept) ? [] : [{ collection: 'settings', put }];
  }
}
