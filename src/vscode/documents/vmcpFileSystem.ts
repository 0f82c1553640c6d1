import * as vscode from 'vscode';
import type { ServerEvent } from '../../contract/events.ts';
import type { Vmcp } from '../../contract/vmcps.ts';
import {
  type DocumentPlace,
  documentScheme,
  type ItemPlace,
  itemFolders,
  itemPath,
  parseDocumentPath,
} from './documentPath.ts';
import { fileError } from './fileError.ts';
import type { FoundItem, ItemStore } from './itemStore.ts';

interface Seen {
  vmcpId: string;
  place: ItemPlace;
  version: string;
  /** Moves only when the content does: a vMCP changes for many other reasons. */
  mtime: number;
}

/**
 * Custom items of vMCPs as files: `vmcp:/<vMCP>/tools/<name>.py` and its kin. What is open is told of
 * changes that others make.
 */
export class VmcpFileSystem implements vscode.FileSystemProvider {
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  /** By path. */
  readonly #seen = new Map<string, Seen>();

  constructor(private readonly store: ItemStore) {}

  /** Everything that was read is watched anyway. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.#attempt(uri, async () => {
      const place = placeOf(uri);
      if (place.at === 'root') return folderStat(0, 0);
      const vmcp = await this.#vmcp(uri, place.vmcp);
      if (!isItem(place)) {
        return folderStat(Date.parse(vmcp.created_at), Date.parse(vmcp.updated_at));
      }
      const found = this.#find(uri, vmcp, place);
      const { mtime } = this.#note(vmcp, place, found);
      return { type: vscode.FileType.File, ctime: found.createdAt, mtime, size: found.size };
    });
  }

  readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return this.#attempt(uri, async () => {
      const place = placeOf(uri);
      if (place.at === 'root') {
        return (await this.store.vmcps()).map(({ name }) => [name, vscode.FileType.Directory]);
      }
      if (isItem(place)) throw vscode.FileSystemError.FileNotADirectory(uri);
      if (place.at === 'vmcp') {
        await this.#vmcp(uri, place.vmcp);
        return itemFolders.map((folder) => [folder, vscode.FileType.Directory]);
      }
      const places = itemsIn(await this.#vmcp(uri, place.vmcp), place.folder);
      return places.map((item) => [fileName(item), vscode.FileType.File]);
    });
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.#attempt(uri, async () => {
      const place = itemOf(uri);
      const vmcp = await this.#vmcp(uri, place.vmcp);
      const found = this.#find(uri, vmcp, place);
      const content = await found.read();
      this.#note(vmcp, place, found);
      return content;
    });
  }

  writeFile(
    uri: vscode.Uri,
    content: Uint8Array,
    { create, overwrite }: { create: boolean; overwrite: boolean },
  ): Promise<void> {
    return this.#attempt(uri, async () => {
      const place = itemOf(uri);
      const before = this.store.find(await this.#vmcp(uri, place.vmcp), place);
      if (!before && !create) throw vscode.FileSystemError.FileNotFound(uri);
      if (before && create && !overwrite) throw vscode.FileSystemError.FileExists(uri);
      await this.store.write(place, content);
      await this.#noteWritten(place);
      const { Changed, Created } = vscode.FileChangeType;
      this.#changed.fire([{ type: before ? Changed : Created, uri }]);
    });
  }

  delete(uri: vscode.Uri): Promise<void> {
    return this.#attempt(uri, async () => {
      await this.store.remove(itemOf(uri));
      this.#seen.delete(uri.path);
      this.#changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
    });
  }

  rename(from: vscode.Uri, to: vscode.Uri, { overwrite }: { overwrite: boolean }): Promise<void> {
    return this.#attempt(from, async () => {
      const [place, target] = [itemOf(from), itemOf(to)];
      if (!isSameShelf(place, target)) {
        const message = vscode.l10n.t(
          'A custom item keeps its vMCP and its kind; copy it instead.',
        );
        throw vscode.FileSystemError.NoPermissions(message);
      }
      const taken = this.store.find(await this.#vmcp(to, target.vmcp), target);
      if (taken && !overwrite) throw vscode.FileSystemError.FileExists(to);
      if (taken) await this.store.remove(target);
      await this.store.rename(place, target.name);
      this.#seen.delete(from.path);
      const { Created, Deleted } = vscode.FileChangeType;
      this.#changed.fire([
        { type: Deleted, uri: from },
        { type: Created, uri: to },
      ]);
    });
  }

  createDirectory(uri: vscode.Uri): Promise<void> {
    const place = parseDocumentPath(uri.path);
    if (place?.at === 'folder') return Promise.resolve();
    const message = vscode.l10n.t('Folders here are the vMCPs; create one in the vMCP view.');
    return Promise.reject(vscode.FileSystemError.NoPermissions(message));
  }

  /** Tells of what changed in the open documents of a vMCP. */
  async follow(event: ServerEvent): Promise<void> {
    switch (event.type) {
      case 'vmcp.changed':
      case 'vmcp.resource':
      case 'vmcp.removed':
        return this.#compare(({ vmcpId }) => vmcpId === event.vmcp_id);
      default:
        return;
    }
  }

  /** After the connection was lost, any event may have been missed. */
  compareAll(): Promise<void> {
    return this.#compare(() => true);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #compare(concerns: (seen: Seen) => boolean): Promise<void> {
    const concerned = [...this.#seen].filter(([, seen]) => concerns(seen));
    if (concerned.length === 0) return;
    const vmcps = new Map((await this.store.vmcps()).map((vmcp) => [vmcp.vmcp_id, vmcp]));
    const { Changed, Deleted } = vscode.FileChangeType;
    const changes = concerned.flatMap(([path, { vmcpId, place, version }]) => {
      const uri = vscode.Uri.from({ scheme: documentScheme, path });
      const vmcp = vmcps.get(vmcpId);
      const isThere = vmcp?.name.toLowerCase() === place.vmcp.toLowerCase();
      const found = vmcp && isThere ? this.store.find(vmcp, place) : undefined;
      if (!vmcp || !found) {
        this.#seen.delete(path);
        return [{ type: Deleted, uri }];
      }
      this.#note(vmcp, place, found);
      return found.version === version ? [] : [{ type: Changed, uri }];
    });
    if (changes.length > 0) this.#changed.fire(changes);
  }

  #note(vmcp: Vmcp, place: ItemPlace, found: FoundItem): Seen {
    const path = itemPath(place);
    const before = this.#seen.get(path);
    if (before && before.version === found.version) return before;
    const mtime = Math.max(found.changedAt, (before?.mtime ?? 0) + 1);
    const seen = { vmcpId: vmcp.vmcp_id, place, version: found.version, mtime };
    this.#seen.set(path, seen);
    return seen;
  }

  /** So that the event of a window's own write says nothing new. */
  async #noteWritten(place: ItemPlace): Promise<void> {
    const vmcp = await this.store.vmcpNamed(place.vmcp);
    const found = vmcp && this.store.find(vmcp, place);
    if (vmcp && found) this.#note(vmcp, place, found);
  }

  async #vmcp(uri: vscode.Uri, name: string): Promise<Vmcp> {
    const vmcp = await this.store.vmcpNamed(name);
    if (!vmcp) throw vscode.FileSystemError.FileNotFound(uri);
    return vmcp;
  }

  #find(uri: vscode.Uri, vmcp: Vmcp, place: ItemPlace): FoundItem {
    const found = this.store.find(vmcp, place);
    if (!found) throw vscode.FileSystemError.FileNotFound(uri);
    return found;
  }

  async #attempt<Result>(uri: vscode.Uri, act: () => Promise<Result>): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      throw fileError(error, uri);
    }
  }
}

function placeOf(uri: vscode.Uri): DocumentPlace {
  const place = parseDocumentPath(uri.path);
  if (!place) throw vscode.FileSystemError.FileNotFound(uri);
  return place;
}

function itemOf(uri: vscode.Uri): ItemPlace {
  const place = placeOf(uri);
  if (!isItem(place)) throw vscode.FileSystemError.FileIsADirectory(uri);
  return place;
}

function isItem(place: DocumentPlace): place is ItemPlace {
  return 'name' in place;
}

function isSameShelf(a: ItemPlace, b: ItemPlace): boolean {
  const kind = (place: ItemPlace) => (place.at === 'tool' ? place.kind : place.at);
  return a.vmcp.toLowerCase() === b.vmcp.toLowerCase() && kind(a) === kind(b);
}

function itemsIn(vmcp: Vmcp, folder: (typeof itemFolders)[number]): ItemPlace[] {
  const { name: of, custom_tools, custom_prompts, custom_resources } = vmcp;
  switch (folder) {
    case 'tools':
      return custom_tools.map(({ name, tool_type }) => {
        return { at: 'tool', vmcp: of, name, kind: tool_type };
      });
    case 'prompts':
      return custom_prompts.map(({ name }) => ({ at: 'prompt', vmcp: of, name }));
    case 'resources':
      return custom_resources.map(({ name }) => ({ at: 'resource', vmcp: of, name }));
  }
}

function fileName(place: ItemPlace): string {
  return itemPath(place).split('/').at(-1) ?? '';
}

function folderStat(ctime: number, mtime: number): vscode.FileStat {
  return { type: vscode.FileType.Directory, ctime, mtime, size: 0 };
}
