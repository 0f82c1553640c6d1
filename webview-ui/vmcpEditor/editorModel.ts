import * as l10n from '@vscode/l10n';
import type { Endpoint } from '../../src/contract/admin.ts';
import type { ServerEvent } from '../../src/contract/events.ts';
import type { McpServer } from '../../src/contract/servers.ts';
import type { Vmcp } from '../../src/contract/vmcps.ts';
import type { LinkStatus } from '../../src/contract/webview/messages.ts';
import type { KnownVmcp } from '../../src/contract/webview/vmcpEditor.ts';
import { type PlacedError, placesOf } from '../shared/errorPlaces.ts';
import { withMember } from '../shared/own.ts';
import { asFailure, type RequestFailure } from '../shared/requestFailure.ts';
import type { Rest } from '../shared/rest.ts';
import type { WindowLink } from '../shared/windowLink.ts';
import { Catalogs } from './catalogs.ts';
import { draftOf, type Edits, editsOf, emptySecrets } from './editorDraft.ts';
import { formOf, isSame, updateOf, type VmcpForm } from './form.ts';
import { mergeEdits, takeAt } from './mergeEdits.ts';

/** What a save or a reading came to, where it failed. */
export interface Trouble {
  during: 'load' | 'save';
  failure: RequestFailure;
}

const settleMs = 40;

/** The state of the editor: what the server holds, what is edited, and what is wrong. */
export class EditorModel {
  readonly vmcpId: string;
  readonly catalogs: Catalogs;
  vmcp: Vmcp | undefined;
  edits: Edits | undefined;
  servers: readonly McpServer[] = [];
  endpoint: Endpoint | undefined;
  trouble: Trouble | undefined;
  /** What the server refused, by the paths of the form. */
  refused: readonly PlacedError[] = [];
  /** Where somebody else changed the same meanwhile. */
  conflicts: readonly string[][] = [];
  removed = false;
  saving = false;
  /** Counts up when something was saved, so that it can be read out. */
  saves = 0;
  /** Called with the first place that was refused, so that the user sees it. */
  onRefused: (path: string) => void = () => undefined;
  linkStatus: LinkStatus = { status: 'connected', message: '' };
  #loading = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly link: WindowLink,
    readonly rest: Rest,
    /** Called after each change. */
    private readonly changed: () => void,
  ) {
    this.vmcpId = String(link.context.vmcp_id);
    this.edits = editsOf(link.firstDraft);
    this.catalogs = new Catalogs(rest, changed);
    const known = link.known as unknown as KnownVmcp | null;
    if (known) {
      this.servers = known.servers;
      this.#take(known.vmcp);
    }
    link.onEvent = (event) => this.#follow(event);
    link.onLink = (status) => this.#followLink(status);
  }

  get form(): VmcpForm | undefined {
    return this.edits?.form;
  }

  get dirty(): boolean {
    const { edits } = this;
    if (!edits) return false;
    return !isSame(edits.base, edits.form) || Object.keys(edits.texts).length > 0;
  }

  /** Reads everything anew, all at once; what is edited stays. */
  async load(): Promise<void> {
    this.#loading += 1;
    const loading = this.#loading;
    const params = { vmcp_id: this.vmcpId };
    try {
      const [vmcp, servers] = await Promise.all([
        this.rest.call('getVmcp', { params }),
        this.rest.call('listServers', {}),
        this.#readEndpoint(),
      ]);
      if (loading !== this.#loading) return; // a later reading is the newer one
      this.servers = servers;
      if (this.trouble?.during === 'load') this.trouble = undefined;
      this.#take(vmcp);
    } catch (error) {
      if (loading === this.#loading) this.#fail('load', error);
    }
  }

  /** @param change makes the next form of the present one */
  edit(change: (form: VmcpForm) => VmcpForm): void {
    if (!this.edits) return;
    this.edits = { ...this.edits, form: change(this.edits.form) };
    this.#keep();
  }

  /** Keeps the text of an input that is no value (yet); undefined: it is one. */
  setText(path: string, text: string | undefined): void {
    if (!this.edits) return;
    this.edits = { ...this.edits, texts: withMember(this.edits.texts, path, text) };
    this.refused = this.refused.filter((place) => place.path !== path);
    this.#keep();
  }

  async save(): Promise<void> {
    if (!this.dirty || this.saving || this.#incomplete() || this.conflicts.length > 0) return;
    this.saving = true;
    this.trouble = undefined;
    this.refused = [];
    this.changed();
    try {
      await this.#write();
    } catch (error) {
      this.#fail('save', error);
    } finally {
      this.saving = false;
      this.changed();
    }
  }

  /** Gives the edits up. */
  discard(): void {
    this.edits = undefined;
    this.refused = [];
    this.conflicts = [];
    this.trouble = undefined;
    if (this.vmcp) this.#take(this.vmcp);
    this.#keep();
  }

  /** Ends the conflicts: mine stays, or theirs comes in its place. */
  resolve(keep: 'mine' | 'theirs'): void {
    const places = this.conflicts;
    this.conflicts = [];
    if (keep === 'theirs') {
      this.edit((form) =>
        places.reduce((next, path) => takeAt(next, this.edits?.base ?? next, path), form),
      );
    }
    this.changed();
  }

  /** Writes what differs, after a look at what others wrote meanwhile. */
  async #write(): Promise<void> {
    const params = { vmcp_id: this.vmcpId };
    this.#take(await this.rest.call('getVmcp', { params }));
    if (!this.edits || this.conflicts.length > 0) return;
    const sent = this.edits;
    const body = updateOf(sent.base, sent.form);
    const vmcp = await this.rest.call('updateVmcp', { params, body });
    this.saves += 1;
    // What was typed while it was saved stands on what was sent, secrets as what they were sent as.
    const typedOn = this.edits ?? sent;
    this.edits = { base: sent.form, form: typedOn.form, texts: typedOn.texts };
    this.#take(vmcp);
  }

  /** Takes the vMCP as the server holds it, and puts the edits on it. */
  #take(vmcp: Vmcp): void {
    const theirs = formOf(vmcp);
    const { edits } = this;
    this.vmcp = vmcp;
    this.removed = false;
    if (edits && this.dirty) {
      const { value, conflicts } = mergeEdits(edits.base, edits.form, theirs);
      this.edits = { ...edits, base: theirs, form: value };
      this.conflicts = [...this.conflicts, ...conflicts];
    } else {
      this.edits = { base: theirs, form: theirs, texts: {} };
    }
    this.catalogs.want(this.edits.form.order);
    this.#keep();
  }

  #incomplete(): boolean {
    const { edits } = this;
    if (!edits) return true;
    const again = l10n.t('Secrets are not kept over a reload: enter it again');
    this.refused = emptySecrets(edits.form).map((key) => ({
      path: `config.${key}`,
      message: again,
    }));
    this.changed();
    const [first] = this.refused;
    if (first) this.onRefused(first.path);
    return this.refused.length > 0 || Object.keys(edits.texts).length > 0;
  }

  #fail(during: Trouble['during'], error: unknown): void {
    const failure = asFailure(error);
    if (failure.status === 404 && during === 'load') this.removed = true;
    this.trouble = { during, failure };
    this.refused = during === 'save' ? this.#formPlaces(failure) : [];
    this.changed();
    const [first] = this.refused;
    if (first) this.onRefused(first.path);
  }

  /** The server names places of the body; the form knows its servers by their ids. */
  #formPlaces(failure: RequestFailure): PlacedError[] {
    const order = this.edits?.form.order ?? [];
    return placesOf(failure).map(({ path, message }) => ({
      message,
      path: path
        .replace(/^mcp_servers\.(\d+)/, (_, index) => `servers.${order[Number(index)]}`)
        .replace(/^active_config\b/, 'config'),
    }));
  }

  async #readEndpoint(): Promise<void> {
    const params = { vmcp_id: this.vmcpId };
    this.endpoint = await this.rest.call('getEndpoint', { params });
  }

  #follow(event: ServerEvent): void {
    switch (event.type) {
      case 'vmcp.removed':
        this.removed = true;
        this.changed();
        break;
      case 'server.catalog':
        this.catalogs.refresh(event.server_id);
        this.#schedule();
        break;
      case 'server.output':
        break;
      default:
        // A save reads by itself; its own event says nothing new.
        if (!this.saving) this.#schedule();
    }
  }

  /** Several events in a row lead to one reading. */
  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.load();
    }, settleMs);
  }

  #followLink(status: LinkStatus): void {
    const returned = this.linkStatus.status !== 'connected' && status.status === 'connected';
    this.linkStatus = status;
    if (returned) void this.load();
    this.changed();
  }

  #keep(): void {
    this.link.keepDraft(this.edits && this.dirty ? draftOf(this.edits) : null);
    this.changed();
  }
}
