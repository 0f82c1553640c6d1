import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import type * as VSCode from 'vscode';
import { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { connectClient } from '../support/mcpClient.ts';
import { upstreams } from '../support/paths.ts';
import type { Rest } from '../support/rest.ts';
import { pressInNotification, QuickInput } from './adding.ts';
import type { Storage } from './storage.ts';
import type { TestWindow } from './window.ts';

const requestedSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', title: 'Name', description: 'Of the branch', minLength: 3 },
    size: {
      type: 'string',
      title: 'Size',
      oneOf: [
        { const: 's', title: 'Small' },
        { const: 'l', title: 'Large' },
      ],
      default: 'l',
    },
    labels: {
      type: 'array',
      title: 'Labels',
      items: { type: 'string', enum: ['bug', 'docs', 'ui'] },
      minItems: 1,
    },
    count: { type: 'integer', title: 'Count', minimum: 1, default: 2 },
    draft: { type: 'boolean', title: 'As a draft' },
  },
  required: ['name', 'size', 'labels'],
};
const form = {
  mode: 'form',
  message: 'A branch is made of this. See [the rules](command:workbench.action.quit).',
  requestedSchema,
};

/** A client that can answer nothing itself, on a vMCP of a server that asks. */
class Asking {
  private constructor(
    readonly rest: Rest,
    readonly vmcpId: string,
    /** What the server got for its question. */
    readonly ask: (
      method: string,
      params?: object,
      signal?: AbortSignal,
    ) => Promise<{ error?: object }>,
    readonly call: (name: string) => Promise<string>,
    readonly end: () => Promise<void>,
  ) {}

  static async begin(storage: Storage, name: string, flags: string[] = []): Promise<Asking> {
    const cleanup = new Cleanup();
    const rest = await storage.rest();
    const server = await rest.addNodeServer(name, upstreams.odd, flags);
    cleanup.add(() => rest.ok('DELETE', `/api/mcp-servers/${server}`));
    await rest.connect(server);
    const options = { options: { tool_names: 'plain' } };
    const vmcp = await rest.addVmcp(`${name} vMCP`, [server], options);
    cleanup.add(() => rest.ok('DELETE', `/api/vmcps/${vmcp}`));
    const { url } = await rest.ok('GET', `/api/vmcps/${vmcp}/endpoint`);
    const { client } = await connectClient(cleanup, { http: url }, { name: 'terminal agent' });
    const call = async (tool: string, args = {}, signal = new AbortController().signal) => {
      const request = { name: tool, arguments: args };
      const { content } = await client.callTool(request, undefined, { signal });
      return (content as { text: string }[])[0]?.text ?? '';
    };
    const ask = async (method: string, params: object = {}, signal?: AbortSignal) =>
      JSON.parse(await call('ask', { method, params }, signal));
    return new Asking(rest, vmcp, ask, call, () => cleanup.run());
  }
}

/** A client without elicitation calls a tool that asks; the window asks its user, who answers. */
export async function checkForm(window: TestWindow, storage: Storage): Promise<void> {
  const asking = await Asking.begin(storage, 'branches');
  const input = new QuickInput(window);
  const answered = asking.ask('elicitation/create', form);
  await input.titled('branches · ask asks (1/6)');
  // Foreign text stays text.
  await input.shows('A branch is made of this. See [the rules] (command:workbench.action.quit).');
  await eventually(
    async () => {
      if (!(await input.isTitled('(2/6)'))) await input.row('Answer').click({ timeout: 1000 });
      return input.isTitled('(2/6)');
    },
    { what: 'the first value' },
  );
  await window.answer('(2/6)', 'ab');
  await input.says('3 characters or more');
  await window.answer('(2/6)', 'abc');
  await input.titled('(3/6)');
  await input.shows('Small');
  await input.press('Enter'); // the default
  await input.titled('(4/6)');
  await input.press('Enter'); // none is too few
  await input.goBack();
  await input.titled('(3/6)');
  await input.row('Small').click();
  await input.titled('(4/6)');
  await input.row('docs').click();
  await input.row('ui').click();
  await input.press('Enter');
  await window.answer('(5/6)', '1.5');
  await input.says('a whole number');
  await window.answer('(5/6)', '7');
  await input.titled('(6/6)');
  await input.row('No answer').click();
  const content = { name: 'abc', size: 's', labels: ['docs', 'ui'], count: 7 };
  assert.deepEqual(await answered, { action: 'accept', content });

  const closed = asking.ask('elicitation/create', form);
  await input.titled('(1/6)');
  await untilAnswered(closed, () => input.press('Escape'));
  assert.deepEqual(await closed, { action: 'cancel' });

  const refused = asking.ask('elicitation/create', form);
  await input.titled('(1/6)');
  await untilAnswered(refused, () => input.row('Decline').click({ timeout: 1000 }));
  assert.deepEqual(await refused, { action: 'decline' });

  const stop = new AbortController();
  const cancelled = asking.ask('elicitation/create', form, stop.signal);
  await input.titled('(1/6)');
  stop.abort();
  await assert.rejects(cancelled);
  await input.isGone();
  await asking.end();
}

/** An address is opened after a yes only. */
export async function checkUrl(window: TestWindow, storage: Storage): Promise<void> {
  const asking = await Asking.begin(storage, 'payments');
  const params = { mode: 'url', message: 'Pay here', url: 'https://pay.example/?id=%2F1' };
  const declined = asking.ask('elicitation/create', { ...params, elicitationId: '1' });
  await notified(window, 'https://pay.example/?id=%2F1');
  await pressInNotification(window, 'Decline');
  assert.deepEqual(await declined, { action: 'decline' });
  await asking.end();
  await tidy(window);
}

/** A model answers where there is one and the user agreed; else the server is told why none does. */
export async function checkSampling(window: TestWindow, storage: Storage): Promise<void> {
  const asking = await Asking.begin(storage, 'summaries');
  const params = {
    messages: [{ role: 'user', content: { type: 'text', text: 'Sum it up' } }],
    systemPrompt: 'Be brief',
    maxTokens: 50,
  };
  const without = await asking.ask('sampling/createMessage', params);
  assert.match(JSON.stringify(without.error), /there is no language model in this VS Code/);

  await window.run(registerModel);
  const hasModel = () => window.run(async (vscode) => (await vscode.lm.selectChatModels()).length);
  await eventually(hasModel, { what: 'the model' });
  const first = asking.ask('sampling/createMessage', params);
  await notified(window, 'summaries');
  await pressInNotification(window, 'Always allow');
  const expected = {
    role: 'assistant',
    content: { type: 'text', text: 'Echo of: Be brief | Sum it up' },
    model: 'vmcp-test/echo',
    stopReason: 'endTurn',
  };
  assert.deepEqual(await first, expected);
  assert.deepEqual(await asking.ask('sampling/createMessage', params), expected);

  // What was allowed for good is withdrawn.
  await window.begin('vmcp.manageAnswers', { type: 'vmcp', vmcpId: asking.vmcpId });
  const input = new QuickInput(window);
  await input.titled('What VS Code answers for summaries vMCP');
  await input.row('Let language models of VS Code answer').click();
  await input.row('not allowed').click();
  const path = `/api/vmcps/${asking.vmcpId}/editor-consents`;
  await eventually(async () => (await asking.rest.ok('GET', path)).sampling === 'denied');
  const denied = await asking.ask('sampling/createMessage', params);
  assert.match(JSON.stringify(denied.error), /User rejected/);
  await asking.end();
  await tidy(window);
}

/** Folders of the window are the roots of a client that has none, after one question. */
export async function checkRoots(window: TestWindow, storage: Storage): Promise<void> {
  const asking = await Asking.begin(storage, 'folders', ['--ask-roots']);
  const first = asking.call('knownRoots');
  await notified(window, 'which folders are open');
  await pressInNotification(window, 'Allow');
  await first;
  const folder = pathToFileURL(window.folder).href;
  await eventually(async () => (await asking.call('knownRoots')).includes(folder), {
    what: 'the folder of the window',
  });
  await asking.end();
  await tidy(window);
}

/** Acts again and again: what is pressed in the first moments does not count, and may be lost. */
async function untilAnswered(answer: Promise<unknown>, act: () => Promise<void>): Promise<void> {
  let isAnswered = false;
  const ending = answer.then(() => {
    isAnswered = true;
  });
  const actAgain = async () => {
    if (!isAnswered) await act();
    return isAnswered;
  };
  await eventually(actAgain, { what: 'the answer' });
  await ending;
}

async function tidy(window: TestWindow): Promise<void> {
  await window.command('notifications.clearAll');
  await window.command('notifications.hideList');
}

async function notified(window: TestWindow, text: string): Promise<void> {
  await eventually(
    async () => {
      await window.command('notifications.showList');
      const list = window.page.locator(`.notifications-center .notification-list-item`);
      const found = list.locator(`.notification-list-item-message:has-text("${text}")`);
      return (await found.count()) > 0;
    },
    { what: `a notification with “${text}”` },
  );
}

/** A model that says again what it was told. The types are those of an older VS Code. */
function registerModel(vscode: typeof VSCode): void {
  const lm = vscode.lm as unknown as {
    registerLanguageModelChatProvider(vendor: string, provider: object): unknown;
  };
  lm.registerLanguageModelChatProvider('vmcp-test', {
    provideLanguageModelChatInformation: () => [
      {
        id: 'echo',
        name: 'Echo',
        family: 'echo',
        version: '1',
        maxInputTokens: 1000,
        maxOutputTokens: 1000,
        isUserSelectable: true,
        capabilities: {},
      },
    ],
    provideLanguageModelChatResponse: (
      _model: unknown,
      messages: { content: { value: string }[] }[],
      _options: unknown,
      progress: VSCode.Progress<VSCode.LanguageModelTextPart>,
    ) => {
      const texts = messages.map(({ content }) => content.map(({ value }) => value).join(''));
      progress.report(new vscode.LanguageModelTextPart(`Echo of: ${texts.join(' | ')}`));
    },
    provideTokenCount: () => 1,
  });
}
