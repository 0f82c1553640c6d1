import type { Leases } from '../http/socket/leases.ts';
import type { Upstreams } from '../upstream/upstreams.ts';

/** The environment of the newest window, for what is started from now on; at first the server's own. */
export class WindowEnvironment {
  #newest: Readonly<NodeJS.ProcessEnv> = process.env;

  get newest(): Readonly<NodeJS.ProcessEnv> {
    return this.#newest;
  }

  /** Takes what windows tell of their environment and folders. @returns how to stop */
  follow(leases: Leases, upstreams: Upstreams): () => void {
    return leases.onChange(() => {
      const { newestEnv, newestFolders } = leases;
      if (newestFolders) upstreams.setWindowFolders(newestFolders);
      if (!newestEnv) return;
      this.#newest = newestEnv;
      upstreams.setEnvironment(newestEnv);
    });
  }
}
