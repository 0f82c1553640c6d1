import * as vscode from 'vscode';
import type { RegistryPage, RegistryServer } from '../../../contract/registry.ts';
import type { Translate } from '../../translate.ts';
import { withoutIcons } from './withoutIcons.ts';

export interface RegistryItem extends vscode.QuickPickItem {
  server?: RegistryServer;
  /** Shows the next page. */
  isMore?: boolean;
}

/** The list of what was found so far, well-known services first. */
export function registryItems(
  servers: readonly RegistryServer[],
  page: RegistryPage,
  t: Translate,
): RegistryItem[] {
  const known = servers.filter(({ source }) => source === 'built-in');
  const others = servers.filter(({ source }) => source === 'registry');
  const items: RegistryItem[] = [];
  if (known.length > 0) items.push(separator(t('Well-known services')), ...known.map(toItem));
  if (others.length > 0) items.push(separator(t('Registry')), ...others.map(toItem));
  if (servers.length < page.total) {
    const label = `$(ellipsis) ${t('Show more of {0}', page.total)}`;
    items.push({ label, alwaysShow: true, isMore: true });
  }
  if (items.length === 0) items.push({ label: t('Nothing was found'), alwaysShow: true });
  return items;
}

function separator(label: string): RegistryItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function toItem(server: RegistryServer): RegistryItem {
  const { title, description, version, category, options, requires_auth } = server;
  const icon = options.some(({ transport_type }) => transport_type !== 'stdio')
    ? 'globe'
    : 'package';
  const remarks = [category, version, requires_auth === true ? vscode.l10n.t('needs sign-in') : ''];
  return {
    label: `$(${icon}) ${withoutIcons(title)}`,
    description: remarks.filter(Boolean).join(' · '),
    detail: withoutIcons(description),
    alwaysShow: true,
    server,
    buttons: linkOf(server) === '' ? [] : [openPage()],
  };
}

/** The page of a server, or nothing. */
export function linkOf({ website, repository }: RegistryServer): string {
  return website || repository;
}

function openPage(): vscode.QuickInputButton {
  return {
    iconPath: new vscode.ThemeIcon('link-external'),
    tooltip: vscode.l10n.t('Open its page'),
  };
}
