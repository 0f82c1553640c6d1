import type { ListKind, ServerEvent } from '../../contract/events.ts';
import type { EditorAnswers } from '../editor/editorAnswers.ts';
import type { EventBus } from '../events.ts';
import type { Log } from '../log.ts';
import type { UpstreamNotice, Upstreams } from '../upstream/upstreams.ts';
import type { Vmcps } from '../vmcp/configuration/vmcps.ts';
import type { PartyMemories } from '../vmcp/operations/partyMemory.ts';
import { clientNotification } from '../vmcp/operations/relayCaller.ts';
import type { ClientSession } from './clientSession.ts';
import type { SessionRegistry } from './sessionRegistry.ts';
import { isSubscribedTo } from './subscribedTo.ts';

export interface NoticesDependencies {
  vmcps: Vmcps;
  upstreams: Upstreams;
  sessions: SessionRegistry;
  memories: PartyMemories;
  events: EventBus;
  editor: EditorAnswers;
  log: Log;
}

/** Brings what happens outside of any request to the sessions that it concerns. */
export class Notices {
  readonly #stop: (() => void)[];

  constructor(private readonly dependencies: NoticesDependencies) {
    this.#stop = [
      dependencies.events.subscribe((event) => this.#onEvent(event)),
      dependencies.upstreams.onNotice((notice) => this.#onNotice(notice)),
      dependencies.editor.onRootsChanged((vmcpId) => this.#onRootsChanged(vmcpId)),
    ];
  }

  close(): void {
    for (const stop of this.#stop) stop();
  }

  #onEvent(event: ServerEvent): void {
    const { sessions, log } = this.dependencies;
    if (event.type === 'vmcp.lists') {
      for (const session of sessions.inUse(event.vmcp_id)) tellLists(session, event.kinds);
    } else if (event.type === 'vmcp.resource') {
      const { vmcp_id, uri } = event;
      const method = 'notifications/resources/updated';
      for (const session of sessions.inUse(vmcp_id)) {
        if (isSubscribedTo(session.record.subscriptions, uri))
          session.notify({ jsonrpc: '2.0', method, params: { uri } });
      }
    } else if (event.type === 'vmcp.removed') {
      sessions
        .endAll(({ vmcp_id }) => vmcp_id === event.vmcp_id, 'the vMCP was deleted')
        .catch((error: unknown) => log.error('Sessions could not be ended', { error }));
    } else if (event.type === 'client_token.withdrawn') {
      sessions
        .endAll(({ token_id }) => token_id === event.token_id, 'its token was withdrawn')
        .catch((error: unknown) => log.error('Sessions could not be ended', { error }));
    }
  }

  /** Folders of VS Code are the roots of clients that have none. */
  #onRootsChanged(vmcpId: string | undefined): void {
    const { sessions, upstreams } = this.dependencies;
    for (const session of sessions.inUse(vmcpId)) {
      if (!session.hasOwnRoots) upstreams.rootsChanged(session);
    }
  }

  #onNotice({ server_id, notification, concerns }: UpstreamNotice): void {
    const { sessions, vmcps, memories } = this.dependencies;
    for (const session of sessions.inUse()) {
      const vmcpId = session.record.vmcp_id;
      if (vmcps.find(vmcpId) === undefined || !concerns(session)) continue;
      const compiled = vmcps.compiled(vmcpId);
      if (!compiled.serverIds.includes(server_id)) continue;
      const memory = memories.of(session);
      if (!isForClient(notification.method, notification.params, server_id, memory)) continue;
      const mapped = clientNotification(notification, server_id, compiled, memory);
      if (!mapped) continue;
      if (mapped.method === 'notifications/resources/updated') {
        if (!isSubscribedTo(session.record.subscriptions, mapped.params?.uri)) continue;
      }
      session.notify(mapped);
    }
  }
}

/** Status of tasks and elicitations goes only to the client that they belong to. */
function isForClient(
  method: string,
  params: UpstreamNotice['notification']['params'],
  serverId: string,
  memory: ReturnType<PartyMemories['of']>,
): boolean {
  if (method === 'notifications/tasks/status') {
    return (
      typeof params?.taskId === 'string' &&
      memory.tasks.known(serverId, params.taskId) !== undefined
    );
  }
  if (method === 'notifications/elicitation/complete') {
    const id = params?.elicitationId;
    return typeof id === 'string' && memory.elicitations.known(serverId, id) !== undefined;
  }
  return true;
}

const listChanged: Record<ListKind, string> = {
  tools: 'notifications/tools/list_changed',
  resources: 'notifications/resources/list_changed',
  prompts: 'notifications/prompts/list_changed',
};

function tellLists(session: ClientSession, kinds: readonly ListKind[]): void {
  for (const kind of kinds) session.notify({ jsonrpc: '2.0', method: listChanged[kind] });
}
