import type { IncomingMessage } from 'node:http';
import type { Log } from '../log.ts';
import { BodyTooLargeError } from './httpBody.ts';
import { type Authorization, HttpClient, type HttpRequest } from './httpClient.ts';
import { HttpStatusError, httpFailure, wasNotReached } from './httpFailure.ts';
import { redact } from './redact.ts';
import { tooLarge, UnauthorizedError, UpstreamError } from './upstreamError.ts';

export interface RemoteOptions {
  serverName: string;
  url: string;
  /** Configured headers and credentials. */
  headers: Readonly<Record<string, string>>;
  /** Sign-in; undefined where other credentials are configured. */
  authorization: Authorization | undefined;
  /** Not to be shown where the server quotes them. */
  secretValues: readonly string[];
  log: Log;
}

/** A remote server as both eras reach it: its address and credentials, and what its failures mean. */
export class HttpPeer {
  readonly #url: URL;
  readonly #client: HttpClient;

  constructor(private readonly options: RemoteOptions) {
    this.#url = new URL(options.url);
    this.#client = new HttpClient(this.#url.origin, options.headers, options.authorization);
  }

  get serverName(): string {
    return this.options.serverName;
  }

  /** @throws as `HttpClient.request` */
  request(request: Omit<HttpRequest, 'url'>): Promise<IncomingMessage> {
    return this.#client.request({ ...request, url: this.#url });
  }

  /** Closes all sockets. */
  close(): void {
    this.#client.close();
  }

  /** What a failed request means, and whether the connection is of no use to others either. */
  failureOf(error: unknown): { failure: UpstreamError; endsConnection: boolean } {
    const { serverName } = this;
    if (error instanceof BodyTooLargeError) {
      return { failure: tooLarge(serverName, error.bytes), endsConnection: false };
    }
    const isUnauthorized =
      error instanceof UnauthorizedError ||
      (error instanceof HttpStatusError && error.status === 401);
    return {
      failure: httpFailure(error, serverName, this.#url),
      endsConnection: wasNotReached(error) || isUnauthorized,
    };
  }

  /** A text of the server's without the secrets that it quotes. */
  shown(text: string): string {
    const { secretValues, authorization } = this.options;
    return redact(text, [...secretValues, ...(authorization?.secrets ?? [])]);
  }

  error(code: 'protocol' | 'unreachable', text: string): UpstreamError {
    const { serverName } = this;
    return new UpstreamError(code, serverName, `Server "${serverName}" ${text}`);
  }
}
