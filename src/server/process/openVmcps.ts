import { ActivityLog } from '../activity/activityLog.ts';
import { Redactor } from '../activity/redactor.ts';
import { EditorAnswers } from '../editor/editorAnswers.ts';
import { Tracer } from '../telemetry/tracer.ts';
import { TemplateCache } from '../template/templateCache.ts';
import type { CustomTools } from '../tools/customTools.ts';
import { ToolSizes } from '../vmcp/compile/toolSizes.ts';
import { createServers } from '../vmcp/configuration/createServers.ts';
import { createVmcps } from '../vmcp/configuration/createVmcps.ts';
import type { Servers } from '../vmcp/configuration/servers.ts';
import type { Vmcps } from '../vmcp/configuration/vmcps.ts';
import { ResourceFiles } from '../vmcp/custom/resourceFiles.ts';
import { DeletionRecords } from '../vmcp/deletions/deletionRecords.ts';
import { Deletions } from '../vmcp/deletions/deletions.ts';
import type { Operations } from '../vmcp/operations/operations.ts';
import { PartyMemories } from '../vmcp/operations/partyMemory.ts';
import { VmcpOperations } from '../vmcp/operations/vmcpOperations.ts';
import type { Closing } from './closing.ts';
import { openCustomTools } from './openCustomTools.ts';
import type { Foundation, StartOptions } from './openFoundation.ts';

/** What is configured. */
export interface Configuration {
  redactor: Redactor;
  tools: CustomTools;
  files: ResourceFiles;
  sizes: ToolSizes;
  vmcps: Vmcps;
  servers: Servers;
  deletions: Deletions;
}

/** What clients' requests are performed with. */
export interface Performing {
  activity: ActivityLog;
  tracer: Tracer;
  editor: EditorAnswers;
  memories: PartyMemories;
  operations: Operations;
}

/** Servers, vMCPs and their own items. */
export async function openConfiguration(
  { log, programFolder }: StartOptions,
  { instance, events, store, consents, reaper, upstreams }: Foundation,
  closing: Closing,
): Promise<Configuration> {
  const redactor = new Redactor(store.secrets, events);
  closing.add('redactor', () => redactor.close());
  const tools = openCustomTools({ programFolder, log, reaper, redactor, events }, closing);
  const records = new DeletionRecords(store);
  const files = new ResourceFiles(instance.dataDir, log, records);
  await files.sweep((vmcpId) => store.collections.vmcps.get(vmcpId));
  const sizes = new ToolSizes();
  const shared = { store, consents, upstreams, events, log, sizes, deletions: records };
  const vmcps = createVmcps({ ...shared, tools, files });
  closing.add('vmcps', () => vmcps.close());
  const servers = createServers(shared);
  const deletions = new Deletions({ store, events, log, files, records, upstreams });
  closing.add('deletions', () => deletions.close());
  return { redactor, tools, files, sizes, vmcps, servers, deletions };
}

/** Clients' requests on vMCPs, with their records and traces, and who answers in the clients' place. */
export async function openPerforming(
  { flags, log, version }: StartOptions,
  { events, store, upstreams }: Foundation,
  { vmcps, tools, files }: Configuration,
  closing: Closing,
): Promise<Performing> {
  const activity = new ActivityLog({
    logs: store.logs,
    secrets: store.secrets,
    events,
    maskedConfig: (vmcpId) => vmcps.maskedConfig(vmcpId),
  });
  closing.add('activity', () => activity.close());
  const tracer = new Tracer(version, log);
  closing.add('tracer', () => tracer.close());
  await tracer.setEndpoint(flags.otlpEndpoint ?? '');
  const editor = new EditorAnswers({ store, events, log });
  closing.add('editor', () => editor.close());
  const memories = new PartyMemories();
  const templates = new TemplateCache();
  const operations = new VmcpOperations({
    ...{ vmcps, upstreams, activity, memories, tools, files, templates, editor, tracer },
  });
  return { activity, tracer, editor, memories, operations };
}
