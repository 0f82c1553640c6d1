import assert from 'node:assert/strict';
import { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { assertAccessible } from './axe.ts';
import type { Frame } from './host.ts';
import { startPathApi } from './pathApi.ts';
import { webviewFrame } from './webview.ts';
import type { WebviewSession } from './webviewSession.ts';

/** What a user does with the custom items of a vMCP: documents, their forms, trying them. */
export function testCustomItems(session: WebviewSession): void {
  const cleanup = new Cleanup();
  let id: string;
  let frame: Frame;
  /** As long as it can be pressed: what is pressed meanwhile is lost. */
  const button = (name: string) => frame.locator(`vscode-button#${name}:not([disabled])`).first();
  const input = (label: string) => frame.locator(`input[aria-label^="${label}"]`).first();
  const output = () => frame.locator('pre.output').first().textContent();

  /** Puts a text in the place of a document's, as typing does. */
  const type = (path: string, text: string) =>
    session.window.run(
      async (vscode, [to, typed]: [string, string]) => {
        const uri = vscode.Uri.from({ scheme: 'vmcp', path: to });
        const document = await vscode.workspace.openTextDocument(uri);
        const edit = new vscode.WorkspaceEdit();
        const end = document.positionAt(document.getText().length);
        edit.replace(uri, new vscode.Range(new vscode.Position(0, 0), end), typed);
        await vscode.workspace.applyEdit(edit);
      },
      [path, text] as [string, string],
    );
  const problems = (path: string) =>
    session.window.run((vscode, to: string) => {
      const uri = vscode.Uri.from({ scheme: 'vmcp', path: to });
      return vscode.languages
        .getDiagnostics(uri)
        .map(({ message, range }) => `${range.start.line}:${range.start.character} ${message}`);
    }, path);
  const saveDocument = (path: string) =>
    session.window.run(async (vscode, to: string) => {
      const found = vscode.workspace.textDocuments.find(({ uri }) => uri.path === to);
      return found?.save();
    }, path);

  describe('custom items', () => {
    before(async () => {
      id = await session.rest.addVmcp('own items', [session.every], {
        active_config: { city: 'Paris' },
      });
    });
    after(async () => {
      await session.closeEditors();
      await cleanup.run();
    });

    it('a Python tool is made by a command, and opens with its form beside it', async () => {
      const node = { type: 'vmcp', vmcpId: id };
      await session.window.begin('vmcp.newCustomTool', node);
      await session.window.answer('(1/2)', 'Python');
      await session.window.answer('(2/2)', 'count');
      frame = await webviewFrame(session.window.page, 'toolEditor', '"count"');
      await frame.locator('h1:has-text("count")').waitFor();
      const lenses = await session.window.run(async (vscode) => {
        const uri = vscode.Uri.from({ scheme: 'vmcp', path: '/own items/tools/count.py' });
        const found = await vscode.commands.executeCommand<{ command?: { title: string } }[]>(
          'vscode.executeCodeLensProvider',
          uri,
        );
        return found.map(({ command }) => command?.title);
      });
      assert.deepEqual(lenses, ['$(play) Try', '$(settings) Edit the rest']);
    });

    it('a syntax error is shown while it is typed; a save is refused and loses nothing', async () => {
      const path = '/own items/tools/count.py';
      const broken = 'def main(text: str) -> int:\n    return len(text\n';
      await type(path, broken);
      await eventually(async () => (await problems(path)).find((text) => /^1:/.test(text)), {
        what: 'the syntax error',
      });
      await saveDocument(path);
      const kept = await session.window.run((vscode, to: string) => {
        const found = vscode.workspace.textDocuments.find(({ uri }) => uri.path === to);
        return found && { text: found.getText(), isDirty: found.isDirty };
      }, path);
      assert.deepEqual(kept, { text: broken, isDirty: true });
    });

    it('a tool is tried as it is typed, before it is saved', async () => {
      const path = '/own items/tools/count.py';
      const code = [
        'def main(text: str, times: int = 1) -> dict:',
        '    print("counting")',
        '    return {"length": len(text) * times}',
        '',
      ];
      await type(path, code.join('\n'));
      await eventually(async () => (await problems(path)).length === 0);
      await frame.locator('h1').first().click();
      await input('times').fill('2');
      await input('text (required)').fill('abc');
      await button('run').click();
      await eventually(async () => /"length": 6/.test((await output()) ?? ''), {
        what: 'the result',
      });
      const shown = await frame.locator('main').first().textContent();
      assert.match(shown ?? '', /counting/);
      assert.match(shown ?? '', /\d ms/);
      const saved = await session.rest.ok('GET', `/api/vmcps/${id}/custom-tools/count`);
      assert(!saved.code.includes('times'));
      assert.equal(await saveDocument(path), true);
      const after = await session.rest.ok('GET', `/api/vmcps/${id}/custom-tools/count`);
      assert(after.code.includes('times'));
    });

    it('the form saves the rest, and leaves the code alone', async () => {
      await frame.locator('textarea[aria-label^="Description"]').first().fill('Counts letters.');
      await button('save').click();
      const saved = await eventually(async () => {
        const tool = await session.rest.ok('GET', `/api/vmcps/${id}/custom-tools/count`);
        return tool.description === 'Counts letters.' && tool;
      });
      assert(saved.code.includes('times'));
      await assertAccessible(frame);
    });

    it('references of a text are completed with what they take, and wrong ones are shown', async () => {
      await session.rest.ok('POST', `/api/vmcps/${id}/custom-tools`, {
        tool_type: 'prompt',
        name: 'ask',
        text: 'Go',
        variables: [{ name: 'who', required: true }],
      });
      const path = '/own items/tools/ask.md';
      const complete = async (text: string) => {
        await type(path, text);
        return session.window.run(async (vscode, to: string) => {
          const uri = vscode.Uri.from({ scheme: 'vmcp', path: to });
          const document = await vscode.workspace.openTextDocument(uri);
          const end = document.positionAt(document.getText().length);
          const { items } = await vscode.commands.executeCommand<{
            items: { label: string | { label: string }; insertText?: string | { value: string } }[];
          }>('vscode.executeCompletionItemProvider', uri, end);
          return items.map(({ label, insertText }) => {
            const name = typeof label === 'string' ? label : label.label;
            return `${name} ${typeof insertText === 'string' ? insertText : insertText?.value}`;
          });
        }, path);
      };
      // What there is to complete is asked of the server when it is first needed.
      const offers = (text: string, wanted: string) =>
        eventually(async () => (await complete(text)).some((item) => item.startsWith(wanted)), {
          what: `${wanted} after ${text}`,
        });
      await offers('Hi @', '@tool');
      await offers('Hi @param.', 'who');
      await offers('Hi @config.', 'city');
      await offers('Hi @tool.', 'every.echo every.echo(message="$1")');
      await offers('Hi @tool.every.echo(', 'message message=');
      await type(path, 'Hi @param.whom, @tool.every.nothing(), @param.who!');
      const found = await eventually(async () => {
        const texts = await problems(path);
        return texts.length >= 2 ? texts : undefined;
      });
      assert.match(found.join('\n'), /0:3 .*whom[\s\S]*0:16 .*every\.nothing/);
      await type(path, 'Hi @param.who, @config.city: @tool.every.echo(message="x")');
      await eventually(async () => (await problems(path)).length === 0);
      const hover = await session.window.run(async (vscode, to: string) => {
        const uri = vscode.Uri.from({ scheme: 'vmcp', path: to });
        const at = new vscode.Position(0, 35);
        const [first] = await vscode.commands.executeCommand<{ contents: { value: string }[] }[]>(
          'vscode.executeHoverProvider',
          uri,
          at,
        );
        return first?.contents.map(({ value }) => value).join('\n');
      }, path);
      assert.match(hover ?? '', /echo[\s\S]*message/i);
      assert.equal(await saveDocument(path), true);
      await session.closeEditors();
    });

    it('an open document follows what others write, and is gone with its item', async () => {
      const path = '/own items/tools/ask.md';
      const shown = () =>
        session.window.run(async (vscode, to: string) => {
          const uri = vscode.Uri.from({ scheme: 'vmcp', path: to });
          return (await vscode.workspace.openTextDocument(uri)).getText();
        }, path);
      await session.window.run(async (vscode, to: string) => {
        await vscode.window.showTextDocument(vscode.Uri.from({ scheme: 'vmcp', path: to }));
      }, path);
      const tools = `/api/vmcps/${id}/custom-tools`;
      const tool = await session.rest.ok('GET', `${tools}/ask`);
      await session.rest.ok('PUT', `${tools}/ask`, { ...tool, text: 'Changed elsewhere' });
      await eventually(async () => (await shown()) === 'Changed elsewhere');
      await session.rest.ok('DELETE', `${tools}/ask`);
      await eventually(() =>
        session.window.run(async (vscode, to: string) => {
          const stat = vscode.workspace.fs.stat(vscode.Uri.from({ scheme: 'vmcp', path: to }));
          return await stat.then(
            () => false,
            (error) => error.code === 'FileNotFound',
          );
        }, path),
      );
      await session.closeEditors();
    });

    it('a request is edited in its form, tried unsaved, and kept over a closing', async () => {
      const url = `${await startPathApi(cleanup)}/api/{what}`;
      await session.rest.ok('POST', `/api/vmcps/${id}/custom-tools`, {
        tool_type: 'http',
        name: 'get',
        variables: [{ name: 'what', required: true }],
        api_config: { url: url.replace('/api/', '/nothing/') },
      });
      const node = { type: 'ownItem', vmcpId: id, list: 'custom-tools', name: 'get' };
      frame = await session.show('toolEditor', '"get"', 'vmcp.editItem', node);
      await input('Address').fill('no address');
      await frame.locator('.wrong:has-text("http://")').first().waitFor();
      await input('Address').fill(url);
      await input('what (required)').fill('openapi.json');
      await button('run').click();
      const shown = await eventually(async () => {
        const text = (await frame.locator('main').first().textContent()) ?? '';
        return text.includes('/api/openapi.json') ? text : undefined;
      });
      assert.match(shown, /Request/);
      await assertAccessible(frame);
      await session.closeEditors();
      frame = await session.show('toolEditor', '"get"', 'vmcp.editItem', node);
      await eventually(async () => (await input('Address').inputValue()) === url);
      await button('discard').click();
      await session.closeEditors();
    });

    it('what a server offers is tried in the inspector', async () => {
      const tool = { type: 'serverPart', serverId: session.every, kind: 'tools', key: 'echo' };
      frame = await session.show('inspector', 'echo', 'vmcp.tryItem', tool);
      await input('message (required)').fill('straight');
      await button('run').click();
      await eventually(async () => (await output()) === 'Echo: straight');
      await assertAccessible(frame);
      const picture = { ...tool, key: 'get-tiny-image' };
      frame = await session.show('inspector', 'tiny', 'vmcp.tryItem', picture);
      await button('run').click();
      await frame.locator('img.picture').first().waitFor();
      await session.closeEditors();
    });

    it('both pages show their content 300 ms after the command', async () => {
      const tool = { type: 'serverPart', serverId: session.every, kind: 'tools', key: 'echo' };
      const own = { type: 'ownItem', vmcpId: id, list: 'custom-tools', name: 'get' };
      for (const [page, about, command, node] of [
        ['inspector', 'echo', 'vmcp.tryItem', tool],
        ['toolEditor', '"get"', 'vmcp.editItem', own],
      ] as const) {
        await session.assertQuick(page, about, command, node);
      }
    });
  });
}
