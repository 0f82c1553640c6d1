import type { Consents } from '../consent/consents.ts';
import type { EventBus } from '../events.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Root } from './caller.ts';
import type { OAuthServers } from './oauth/oauthServers.ts';
import type { Reaper } from './reaper.ts';

/** What all connections share. */
export interface UpstreamContext {
  readonly store: Store;
  readonly events: EventBus;
  readonly log: Log;
  /** What may be started, and reached. */
  readonly consents: Pick<Consents, 'isGiven'>;
  readonly reaper: Reaper;
  /** Sign-ins at remote servers. */
  readonly oauth: OAuthServers;
  /** vMCP's own version, told to servers. */
  readonly version: string;
  /** For new children. */
  env: Readonly<Record<string, string>>;
  /** The folders of the newest window: with them a server that needs roots is asked for its lists. */
  windowFolders: readonly Root[];
  /** The roots that a client named last: used so where no window has folders. */
  lastRoots: readonly Root[];
}
