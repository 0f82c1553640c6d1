import assert from 'node:assert/strict';
import type { RegistryPage } from '../../../src/contract/registry.ts';
import { foundServerItem } from '../../../src/vscode/commands/adding/foundServerText.ts';
import { withLineBreaks } from '../../../src/vscode/commands/adding/lineBreaks.ts';
import { registryTitle } from '../../../src/vscode/commands/adding/registryTitle.ts';
import { back, type StepOutcome, takeSteps } from '../../../src/vscode/steps/back.ts';
import { t as english } from './builders.ts';

describe('steps', () => {
  const run = async (...outcomes: StepOutcome[][]) => {
    const taken: number[] = [];
    const steps = outcomes.map((answers, index) => async () => {
      taken.push(index);
      return answers.shift();
    });
    return [await takeSteps(steps), taken];
  };

  it('are taken in order, and again after going back', async () => {
    assert.deepEqual(await run(['next', 'next'], [back, 'next'], ['next']), [
      'next',
      [0, 1, 0, 1, 2],
    ]);
  });

  it('end all where one is given up, and say where the first one goes back', async () => {
    assert.deepEqual(await run(['next'], [undefined], ['next']), [undefined, [0, 1]]);
    assert.deepEqual(await run([back], ['next']), [back, [0]]);
  });
});

describe('a pasted text', () => {
  it('gets its line breaks back, which an input box takes away', () => {
    const toml = '[mcp_servers.a]\r\ncommand = "x"\n# note\n';
    assert.equal(withLineBreaks('[mcp_servers.a]command = "x"# note', toml), toml);
  });

  it('stays as it was typed where the clipboard holds something else', () => {
    assert.equal(withLineBreaks('npx a', 'npx\nb'), 'npx a');
    assert.equal(withLineBreaks('npx a', 'npx a'), 'npx a');
  });
});

describe('a server that was found', () => {
  const found = {
    entry_id: 'x',
    original_name: 'My server!',
    name: 'My server',
    state: 'renamed',
    transport_type: 'stdio',
    summary: 'npx x',
    questions: [{ id: 'k', label: 'key', description: '', required: true, secret: true }],
    notes: ['Not taken over: envFile.'],
    missing_program: { command: 'npx', product: 'Node.js' },
  } as const;

  it('draws no icons of foreign texts', () => {
    const odd = { ...found, summary: 'x $(trash)', questions: [], notes: [] };
    assert.equal(foundServerItem(odd, english).description, 'x $\u200B(trash)');
  });

  it('says what is missing, renamed, asked for and not taken over', () => {
    assert.deepEqual(
      foundServerItem(
        { ...found, questions: [...found.questions], notes: [...found.notes] },
        english,
      ),
      {
        label: '$(terminal) My server',
        description: 'npx x',
        detail:
          '$(warning) The program “npx” of Node.js was not found · Called “My server!” there · Asks for key · Not taken over: envFile.',
      },
    );
  });
});

describe('the registry', () => {
  const page = (registry: Partial<RegistryPage['registry']>): RegistryPage => ({
    servers: [],
    total: 0,
    page: 1,
    page_size: 50,
    categories: [],
    registry: {
      url: 'https://registry.example/api',
      state: 'copy',
      fetched_at: '2026-01-01T00:00:00.000Z',
      servers: 3,
      problem: null,
      ...registry,
    },
  });
  const after = (minutes: number) => Date.parse('2026-01-01T00:00:00.000Z') + minutes * 60_000;

  it('says how old its copy is, and why it is not newer', () => {
    const title = (minutes: number, registry = {}) =>
      registryTitle(page(registry), after(minutes), english);
    assert.equal(title(0), 'MCP servers of registry.example · copied just now');
    assert.match(title(59), /copied 59 min ago/);
    assert.match(title(47 * 60), /copied 47 h ago/);
    assert.match(title(72 * 60, { problem: 'No answer.' }), /copied 3 days ago · No answer\./);
    assert.equal(
      title(0, { state: 'loading', fetched_at: null }),
      'MCP servers of registry.example · being read',
    );
  });
});
