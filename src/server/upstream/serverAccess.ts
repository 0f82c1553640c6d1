import type { ServerRecord } from '../../contract/servers.ts';
import { hashConfig } from './serverConfig.ts';
import type { UpstreamContext } from './upstreamContext.ts';
import { UpstreamError } from './upstreamError.ts';

/** Whether a configured server may be used right now, and as what. */
export class ServerAccess {
  #name: string;
  #configHash: string;
  /** Whether the user agreed to what it starts; asked for each change, since every call looks at it. */
  #isAllowed: boolean;

  /** @param ending of the server */
  constructor(
    private readonly serverId: string,
    private readonly context: UpstreamContext,
    private readonly ending: AbortSignal,
  ) {
    this.#name = this.record?.name ?? serverId;
    this.#configHash = this.#hash();
    this.#isAllowed = this.#hasConsent();
  }

  /** Its name, as far as known: messages still need it when the record is gone. */
  get name(): string {
    return this.#name;
  }

  get record(): Readonly<ServerRecord> | undefined {
    return this.context.store.collections.servers.get(this.serverId);
  }

  /** undefined where it was deleted or switched off, or must not be used. */
  get recordInUse(): Readonly<ServerRecord> | undefined {
    const { record } = this;
    return record?.enabled === true && this.#isAllowed && !this.ending.aborted ? record : undefined;
  }

  /** Whether its user still has to allow it. */
  get waitsForConsent(): boolean {
    return this.record !== undefined && !this.#isAllowed;
  }

  /** @throws UpstreamError where there is no `recordInUse` */
  usableRecord(): ServerRecord {
    if (this.recordInUse !== undefined) return this.recordInUse;
    const { record } = this;
    if (record === undefined || this.ending.aborted) {
      const text = `Server "${this.#name}" does not exist any more.`;
      throw new UpstreamError('unknown_server', this.#name, text);
    }
    if (!record.enabled) {
      const text = `Server "${record.name}" is switched off. Switch it on to use it.`;
      throw new UpstreamError('disabled', record.name, text);
    }
    const text = `Server "${record.name}" was added or changed from outside VS Code and waits until its user allows it. Allow it in VS Code, in the view "MCP servers".`;
    throw new UpstreamError('consent_required', record.name, text);
  }

  /** The record changed. @returns whether connections of before are of use no more */
  recordChanged(): boolean {
    const { record } = this;
    this.#name = record?.name ?? this.#name;
    const hash = this.#hash();
    const isAllowed = this.#hasConsent();
    const isSame = hash === this.#configHash && isAllowed === this.#isAllowed;
    if (isSame && record?.enabled === true) return false;
    this.#configHash = hash;
    this.#isAllowed = isAllowed;
    return true;
  }

  /** The key of the secrets has come. */
  unlocked(): void {
    this.#configHash = this.#hash();
  }

  /** Writes down when it was last connected. */
  noteConnected(): void {
    const { record, context } = this;
    if (record === undefined) return;
    const put = { ...record, last_connected: new Date().toISOString() };
    context.store.commit([{ collection: 'servers', put }]).catch((error) => {
      context.log.warning('time of a connection', { server: this.name, error });
    });
  }

  #hasConsent(): boolean {
    const { record } = this;
    return record !== undefined && this.context.consents.isGiven(record);
  }

  #hash(): string {
    const { record } = this;
    return record === undefined ? '' : hashConfig(record, this.context.store.secrets);
  }
}
