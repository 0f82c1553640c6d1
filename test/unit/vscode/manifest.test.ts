import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverSettingsSchema } from '../../../src/contract/admin.ts';
import {
  commandIds,
  mcpProviderId,
  pageIds,
  progressKeys,
  settingIds,
  stateContextKey,
  viewContainerId,
  viewIds,
  walkthroughId,
} from '../../../src/vscode/ids.ts';
import { repository } from '../../support/paths.ts';

const read = (name: string) => JSON.parse(readFileSync(join(repository, name), 'utf8'));
const manifest = read('package.json');
const texts = read('package.nls.json');
const { contributes } = manifest;

describe('package.json', () => {
  it('contributes exactly the ids that the code uses', () => {
    const ids = (list: { command: string }[]) => list.map(({ command }) => command).sort();
    assert.deepEqual(ids(contributes.commands), Object.values(commandIds).sort());
    assert.deepEqual(
      contributes.views[viewContainerId].map(({ id }: { id: string }) => id).sort(),
      Object.values(viewIds).sort(),
    );
    assert.deepEqual(
      Object.keys(contributes.configuration.properties).sort(),
      Object.values(settingIds).sort(),
    );
    assert.equal(contributes.viewsContainers.activitybar[0].id, viewContainerId);
    assert.equal(contributes.mcpServerDefinitionProviders[0].id, mcpProviderId);
  });

  it('is activated for every page that VS Code restores', () => {
    const restored = Object.values(pageIds).map((id) => `onWebviewPanel:vmcp.${id}`);
    const events = manifest.activationEvents.filter((event: string) =>
      event.startsWith('onWebviewPanel:'),
    );
    assert.deepEqual(events.sort(), restored.sort());
  });

  it('names only existing commands and views in its menus', () => {
    for (const items of Object.values<{ command: string; when: string }[]>(contributes.menus)) {
      for (const { command, when } of items) {
        assert(Object.values<string>(commandIds).includes(command), command);
        const view = /view == ([\w.]+)/.exec(when)?.[1];
        if (view) assert(Object.values<string>(viewIds).includes(view), view);
      }
    }
    for (const { view, when, contents } of contributes.viewsWelcome) {
      assert(Object.values<string>(viewIds).includes(view), view);
      assert(when.includes(stateContextKey), when);
      const commands = [...texts[contents.slice(1, -1)].matchAll(/\(command:([\w.]+)\)/g)];
      for (const [, command] of commands) assert(Object.values(commandIds).includes(command));
    }
  });

  it('completes each step of its walkthrough by what it leads to', () => {
    const [{ id, steps }, ...others] = contributes.walkthroughs;
    assert.deepEqual([id, others], [walkthroughId, []]);
    for (const { media, completionEvents, description } of steps) {
      assert(existsSync(join(repository, media.svg)), media.svg);
      const named = [...texts[description.slice(1, -1)].matchAll(/\(command:(vmcp\.\w+)\)/g)];
      for (const [, command] of named) assert(Object.values(commandIds).includes(command));
      assert(completionEvents.length > 0);
      for (const event of completionEvents) {
        const [kind, what] = event.split(':');
        const known: readonly string[] =
          kind === 'onContext' ? Object.values(progressKeys) : Object.values(commandIds);
        assert(known.includes(what) || what === 'workbench.action.chat.open', event);
      }
    }
  });

  it('has keys for the items of its trees only', () => {
    for (const { command, args, when } of contributes.keybindings) {
      assert(Object.values(commandIds).includes(command), command);
      assert(Object.values(viewIds).includes(args), args);
      assert.equal(when, `focusedView == ${args} && !inputFocus`);
    }
  });

  it('has a text for each placeholder, and none that nothing shows', () => {
    const used = new Set(
      [...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key),
    );
    assert.deepEqual(Object.keys(texts).sort(), [...used].sort());
  });

  it('gives every command a category, and every menu item of a view a group', () => {
    for (const { command, category } of contributes.commands) {
      assert.equal(category, 'vMCP', command);
    }
    for (const item of contributes.menus['view/item/context']) assert(item.group, item.command);
  });

  it('has defaults that the server takes, each described, none open to a workspace', () => {
    for (const [key, id] of Object.entries(settingIds)) {
      const setting = contributes.configuration.properties[id];
      const schema = serverSettingsSchema.shape[key as keyof typeof settingIds];
      assert(schema.safeParse(setting.default).success, id);
      for (const value of setting.enum ?? []) assert(schema.safeParse(value).success, value);
      assert.equal(setting.enumDescriptions?.length, setting.enum?.length);
      assert.equal(setting.scope, 'machine', id);
    }
  });

  it('holds what vsce would otherwise only ask about', () => {
    assert(!manifest.activationEvents.includes('*'));
    assert(existsSync(join(repository, 'LICENSE')));
    assert(existsSync(join(repository, manifest.icon)));
    const view = contributes.viewsContainers.activitybar[0];
    assert(existsSync(join(repository, view.icon)));
    assert.deepEqual(manifest.extensionKind, ['workspace']);
    assert(!('browser' in manifest));
  });
});
