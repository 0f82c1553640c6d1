import type { JsonObject } from '../../contract/json.ts';
import type { JsonRpcNotification } from '../../contract/jsonRpc.ts';
import type { McpServer, ServerNeed, ServerStatus } from '../../contract/servers.ts';
import type { CancelSignal } from '../cancellation.ts';
import type { CatalogRecord } from '../store/records.ts';
import type { Caller, Party, Root } from './caller.ts';
import type { Repetition } from './modern/routedState.ts';
import type { CallbackPage } from './oauth/callbackPage.ts';

export interface UpstreamCall {
  method: string;
  /** Sent as it is, save `_meta.progressToken`, which is replaced on the way up and restored in `notify`. */
  params: JsonObject | undefined;
  caller: Caller;
  /**
   * Set where the client itself repeats calls that want input (MCP 2026-07-28): the result may be
   * `input_required`, and has its hints for caches. Servers of the session era know nothing of it.
   */
  repetition?: Repetition | undefined;
  /** Aborting sends `notifications/cancelled` at once and rejects with the signal's reason. */
  signal: CancelSignal;
}

export interface UpstreamState {
  status: ServerStatus;
  last_error: string | null;
  /** What the user has to do about it. */
  needs?: ServerNeed;
}

/** A prepared sign-in. */
export interface SignInLink {
  /** For a browser. */
  link: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** A notification of an upstream that belongs to no single call. */
export interface UpstreamNotice {
  server_id: string;
  notification: JsonRpcNotification;
  /** Whether a party's sessions share the connection it came from: only those may see it. */
  concerns(party: Party): boolean;
}

/** Every connection to every MCP server. */
export interface Upstreams {
  /**
   * Sends one request, starting or reconnecting the server where needed.
   * @returns the result object as the upstream wrote it
   * @throws RpcError the upstream's own error object, unchanged
   * @throws UpstreamError where no answer could be had (unreachable, crashed, timed out, too large, locked, disabled)
   */
  call(serverId: string, call: UpstreamCall): Promise<JsonObject>;

  /** Sends a notification to the connection the party uses, if there is one. */
  notify(serverId: string, party: Party, notification: JsonRpcNotification): void;

  /** Tells every connection of a party that its roots changed; later calls may use another connection. */
  rootsChanged(party: Party): void;

  /** The party's session is over: subscriptions, log level and waiting turns of it go. */
  release(party: Party): void;

  /** Counted per URI and party; renewed after a reconnect. @throws like `call` */
  subscribe(serverId: string, uri: string, caller: Caller, signal: CancelSignal): Promise<void>;
  unsubscribe(serverId: string, uri: string, party: Party): Promise<void>;

  /** The party's wish; the most verbose of all wishes goes upstream. null: no wish. */
  setLogLevel(serverIds: readonly string[], party: Party, level: string | null): void;

  /** The cached catalog, whether or not the server runs. */
  catalog(serverId: string): CatalogRecord | undefined;
  /** Whether the catalog is missing, older than 24 h or of another configuration. */
  isStale(serverId: string): boolean;
  /** Connects where needed and reads all lists again; concurrent calls share one reading. */
  refresh(serverId: string, signal?: AbortSignal): Promise<CatalogRecord>;

  connect(serverId: string, signal?: AbortSignal): Promise<CatalogRecord>;
  disconnect(serverId: string): Promise<void>;
  state(serverId: string): UpstreamState;
  /** The last 200 lines of stderr. */
  output(serverId: string): readonly string[];

  /**
   * Prepares a sign-in at a remote server.
   * @param redirect where the browser is to come back to; undefined: an address of this machine
   * @throws UpstreamError `auth_required` where the server has no sign-in, or it cannot be prepared
   */
  signIn(serverId: string, redirect: string | undefined, signal: AbortSignal): Promise<SignInLink>;
  /** Takes what an authorization server sent back, and says what to show. */
  answerSignIn(query: URLSearchParams): Promise<CallbackPage>;
  /** Forgets the sign-in and has it revoked. */
  signOut(serverId: string): Promise<void>;
  /**
   * Has the sign-in of a server that is gone for good revoked, where the authorization server can be told.
   * @param prefix before the names under which the deleted server's secrets are kept
   */
  giveBackDeleted(serverId: string, prefix: string, signal: AbortSignal): Promise<void>;
  /** The sign-in there is. */
  signedIn(serverId: string): McpServer['signed_in'];
  /** Where browsers come back to on the server's own port, once it listens. */
  setSignInAddress(redirect: string): void;

  /** Environment for new children (the newest window's). */
  setEnvironment(env: Readonly<Record<string, string>>): void;
  /** What stands for roots where lists are read that no client asked for (the newest window's). */
  setWindowFolders(folders: readonly Root[]): void;

  /** Notifications of no single call: `resources/updated`, messages, task status, unknown ones. */
  onNotice(listener: (notice: UpstreamNotice) => void): () => void;

  /** Ends every connection and child; resolves when the processes are gone. */
  close(): Promise<void>;
}
