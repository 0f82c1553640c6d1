import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { assertAccessible } from './axe.ts';
import type { Frame } from './host.ts';
import type { WebviewSession } from './webviewSession.ts';

/** What a user does in the forms of custom tools, and in the inspector. */
export function testItemForms(session: WebviewSession): void {
  let id: string;
  let frame: Frame;
  const button = (name: string) => frame.locator(`vscode-button#${name}:not([disabled])`).first();
  const press = (text: string) =>
    frame.locator(`vscode-button:not([disabled]):has-text("${text}")`).first().click();
  const input = (label: string) => frame.locator(`input[aria-label^="${label}"]`).first();
  const outputs = (text: string) =>
    eventually(async () => (await frame.locator('pre.output').first().textContent()) === text, {
      what: `the result “${text}”`,
    });
  const item = (name: string) => session.rest.ok('GET', `/api/vmcps/${id}/custom-tools/${name}`);
  const add = (tool: object) => session.rest.ok('POST', `/api/vmcps/${id}/custom-tools`, tool);
  const edit = (name: string) => {
    const node = { type: 'ownItem', vmcpId: id, list: 'custom-tools', name };
    return session.show('toolEditor', `"${name}"`, 'vmcp.editItem', node);
  };
  const tryTool = (key: string) => {
    const node = { type: 'serverPart', serverId: session.every, kind: 'tools', key };
    return session.show('inspector', key, 'vmcp.tryItem', node);
  };

  describe('forms of custom items', () => {
    before(async () => {
      id = await session.rest.addVmcp('forms', [session.every], {
        active_config: { city: 'Rome' },
      });
    });
    afterEach(() => session.closeEditors());

    it('a step is added, tried with the others before it is saved, and saved', async () => {
      const steps = [{ id: 'first', tool: 'every.echo', arguments: { message: '@param.text' } }];
      const variables = [{ name: 'text', required: true }];
      await add({ tool_type: 'composite', name: 'chain', steps, variables });
      frame = await edit('chain');
      await press('Add step');
      const card = frame.locator('fieldset.card:has(legend code:text-is("step2"))');
      await card.locator('vscode-single-select').first().click();
      await card.locator('[role="option"]:has-text("every.echo")').first().click();
      await card.locator('input[aria-label^="message"]').fill('{{steps.first}}!');
      await input('text (required)').fill('hi');
      await button('run').click();
      await outputs('Echo: Echo: hi!');
      await session.assertPresentable(frame, 'toolEditor');
      assert.equal((await item('chain')).steps.length, 1);
      await button('save').click();
      const saved = await eventually(async () => {
        const tool = await item('chain');
        return tool.steps.length === 2 && tool;
      });
      assert.deepEqual(saved.steps[1].arguments, { message: '{{steps.first}}!' });
    });

    it('a text is tried beside its document, and gets another parameter', async () => {
      const variables = [{ name: 'who', required: true }];
      const text = 'Hello @param.who from @config.city';
      await add({ tool_type: 'prompt', name: 'hail', text, variables });
      frame = await edit('hail');
      await input('who (required)').fill('Ada');
      await button('run').click();
      await outputs('Hello Ada from Rome');
      await press('Add parameter');
      const card = frame.locator('fieldset.card:has(legend code:text-is("value1"))');
      await card.locator('input[aria-label^="Name"]').fill('when');
      await input('when (required)').waitFor();
      await assertAccessible(frame);
      await button('save').click();
      await eventually(async () => (await item('hail')).variables.length === 2, {
        what: 'the parameter',
      });
      assert.equal((await item('hail')).text, text);
    });

    it('asks whose change holds where both changed the same', async () => {
      frame = await edit('chain');
      const description = frame.locator('textarea[aria-label^="Description"]').first();
      await description.fill('Mine');
      await session.rest.ok('PUT', `/api/vmcps/${id}/custom-tools/chain`, {
        ...(await item('chain')),
        description: 'Theirs',
      });
      await press('Take theirs');
      await eventually(async () => (await description.inputValue()) === 'Theirs');
      await description.fill('Mine after all');
      await button('save').click();
      await eventually(async () => (await item('chain')).description === 'Mine after all', {
        what: 'the save',
      });
    });

    it('what takes long is cancelled, and can be run again', async () => {
      frame = await tryTool('trigger-long-running-operation');
      await input('duration').fill('60');
      await button('run').click();
      await button('cancel').click();
      await frame.locator('p:has-text("Cancelled.")').first().waitFor();
      await input('duration').fill('0.1');
      await button('run').click();
      await frame.locator('pre.output:has-text("completed")').first().waitFor();
    });

    it('the inspector hinders nobody, in no theme, and fits 300 px', async () => {
      frame = await tryTool('echo');
      await input('message (required)').fill('seen');
      await button('run').click();
      await outputs('Echo: seen');
      await session.assertPresentable(frame, 'inspector');
    });
  });
}
