import type { IncomingMessage } from 'node:http';
import { carriesToken, tokenDigest } from './guards/bearer.ts';
import { isLoopbackHost } from './guards/loopbackHost.ts';
import { isAllowedOrigin, isOwnOrigin, originSet } from './guards/origin.ts';
import { HttpError } from './httpError.ts';

/** `token`: every address but /health needs a token; `none`: only what administers the server does. */
export type Authentication = 'token' | 'none';

/** Who may use the server right now; the settings change it while it runs. */
export class Access {
  readonly #adminDigest: Buffer;
  #allowedOrigins: ReadonlySet<string> = new Set();
  /** The last `Host` that was let in: mostly it comes again. */
  #good: { host: string | undefined; port: number | undefined } | undefined;

  constructor(
    readonly adminToken: string,
    public authentication: Authentication,
  ) {
    this.#adminDigest = tokenDigest(adminToken);
  }

  /** Origins whose pages may send requests; others are refused. */
  set allowedOrigins(origins: Iterable<string>) {
    this.#allowedOrigins = originSet(origins);
  }

  /** @throws HttpError 403 for a request that a foreign page could have sent */
  checkSource(request: IncomingMessage): void {
    const { host, origin } = request.headers;
    const port = request.socket.localPort;
    const isSameAgain = host === this.#good?.host && port === this.#good?.port;
    if (!isSameAgain && !isLoopbackHost(host, port)) {
      throw new HttpError(
        403,
        'Forbidden',
        'The Host header must be 127.0.0.1, localhost or [::1].',
      );
    }
    if (!isSameAgain) this.#good = { host, port };
    if (!isAllowedOrigin(origin, this.#allowedOrigins) && !isOwnOrigin(origin, port)) {
      throw new HttpError(
        403,
        'Forbidden',
        'This Origin is not in the setting vmcp.server.allowedOrigins.',
      );
    }
  }

  /** Whether the request carries the admin token, i.e. comes from VS Code itself. */
  isAdmin(request: IncomingMessage): boolean {
    return carriesToken(request.headers.authorization, this.#adminDigest);
  }

  /** Whether the request may use addresses that hold no token themselves. */
  isOpenTo(request: IncomingMessage): boolean {
    return this.authentication === 'none' || this.isAdmin(request);
  }
}
