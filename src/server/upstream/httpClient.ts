import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { redirectLookup, redirectTarget } from './redirectTarget.ts';

/** Shorter than servers keep idle sockets, so that a request rarely meets one that is just closing. */
const idleSocketMs = 4000;
const maxRedirects = 5;

export interface HttpRequest {
  url: URL;
  method: 'GET' | 'POST' | 'DELETE';
  /** Headers that say nothing secret. */
  headers: Readonly<Record<string, string>>;
  /** Goes to the server's own origin only, as the credentials do. */
  sessionId?: string | undefined;
  body?: string;
  signal: AbortSignal;
}

/** A refusal that tells how to be let in (RFC 9110, section 11.6.1). */
export interface Challenge {
  status: 401 | 403;
  /** `WWW-Authenticate` */
  header: string | undefined;
  /** The `Authorization` that was refused. */
  sent: string | undefined;
  /** The request had been sent again after a first challenge. */
  isRepeated: boolean;
}

/** Credentials that change while they are used. */
export interface Authorization {
  /** What it sent lately, and what must not be shown. */
  readonly secrets: readonly string[];
  /** `Authorization` for the next request; undefined without one. @throws UpstreamError */
  header(): Promise<string | undefined>;
  /**
   * The server refused a request.
   * @returns whether to send it once more, with what `header` says then
   * @throws UpstreamError `auth_required` where the user has to do something
   */
  challenged(challenge: Challenge): Promise<boolean>;
}

/**
 * Requests to one server with kept-alive sockets and its credentials. Node's own `fetch` is not used,
 * since it ends a response after 300 s of silence; calls may be silent for longer.
 */
export class HttpClient {
  readonly #own = agents({});
  readonly #elsewhere = agents({ lookup: redirectLookup });
  readonly #watched = new WeakSet<Socket>();

  /**
   * @param credentials headers that go to `origin` only
   * @param authorization goes there as well, where the credentials have none
   */
  constructor(
    private readonly origin: string,
    private readonly credentials: Readonly<Record<string, string>>,
    private readonly authorization: Authorization | undefined,
  ) {}

  /**
   * Sends a request and follows redirects that keep its method; to another origin they carry no
   * credentials.
   * @returns the response, whose body must be read or destroyed
   * @throws NodeJS.ErrnoException of the network; the signal's reason; what the authorization throws
   */
  async request(request: HttpRequest): Promise<IncomingMessage> {
    const { authorization } = this;
    if (authorization === undefined) return this.#follow(request, undefined);
    for (let isRepeated = false; ; isRepeated = true) {
      const sent = await authorization.header();
      const response = await this.#follow(request, sent);
      const { statusCode: status, headers } = response;
      if (status !== 401 && status !== 403) return response;
      const header = headers['www-authenticate'];
      const challenge: Challenge = { status, header, sent, isRepeated };
      if (!(await authorization.challenged(challenge)) || isRepeated) return response;
      response.resume();
    }
  }

  async #follow(request: HttpRequest, authorization: string | undefined): Promise<IncomingMessage> {
    let { url } = request;
    for (let redirects = 0; ; redirects++) {
      const response = await this.#once({ ...request, url }, authorization);
      if (redirects === maxRedirects) return response;
      let target: URL | undefined;
      try {
        target = redirectTarget(response, request.method, url);
      } catch (error) {
        response.destroy();
        throw error;
      }
      if (target === undefined) return response;
      response.resume();
      url = target;
    }
  }

  /** Closes all sockets. */
  close(): void {
    for (const { http, https } of [this.#own, this.#elsewhere]) {
      http.destroy();
      https.destroy();
    }
  }

  /**
   * A request that is aborted just when its answer ends has let go of its socket, and the agent does not
   * have it back yet: its error would be nobody's, and end the process.
   */
  #watch(socket: Socket): void {
    if (this.#watched.has(socket)) return;
    this.#watched.add(socket);
    socket.on('error', () => {});
  }

  #once(
    { url, method, headers, sessionId, body, signal }: HttpRequest,
    authorization: string | undefined,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const isOwn = url.origin === this.origin;
      const { http, https } = isOwn ? this.#own : this.#elsewhere;
      const options = {
        method,
        signal,
        headers: {
          ...(isOwn && authorization !== undefined && { Authorization: authorization }),
          ...(isOwn && this.credentials),
          ...headers,
          ...(isOwn && sessionId !== undefined && { 'Mcp-Session-Id': sessionId }),
          ...(body !== undefined && { 'Content-Length': String(Buffer.byteLength(body)) }),
        },
      };
      const sent: ClientRequest =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: https })
          : httpRequest(url, { ...options, agent: http });
      sent.once('response', resolve);
      sent.once('socket', (socket) => this.#watch(socket));
      sent.on('error', (error) => reject(signal.aborted ? signal.reason : error));
      sent.end(body);
    });
  }
}

function agents(options: { lookup?: LookupFunction }) {
  const all = { keepAlive: true, timeout: idleSocketMs, ...options };
  return { http: new HttpAgent(all), https: new HttpsAgent(all) };
}
