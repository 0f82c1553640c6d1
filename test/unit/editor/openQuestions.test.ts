import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { ServerEvent } from '../../../src/contract/events.ts';
import { EditorWindows } from '../../../src/server/editor/editorWindows.ts';
import { OpenQuestions } from '../../../src/server/editor/openQuestions.ts';

describe('questions that a window was asked', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  function make() {
    const windows = new EditorWindows();
    const events: ServerEvent[] = [];
    windows.take({ send: (event) => events.push(event) }, [], true);
    const questions = new OpenQuestions(windows);
    const ask = (vmcp: string) => {
      const asked = { kind: 'url', message: '', url: 'https://a.example/' } as const;
      const told = { vmcp_id: vmcp, vmcp, client: 'c' };
      return questions.ask({ ...told, asked }, new AbortController().signal);
    };
    return { events, questions, ask };
  }

  it('are taken back after ten minutes', async () => {
    const { events, questions, ask } = make();
    const refused = assert.rejects(ask('a'), /within 10 minutes/);
    mock.timers.tick(10 * 60_000 - 1);
    assert.equal(events.length, 1);
    mock.timers.tick(1);
    await refused;
    const [asked, withdrawn] = events;
    assert(asked?.type === 'question' && withdrawn?.type === 'question.withdrawn');
    assert.equal(withdrawn.question_id, asked.question_id);
    assert.throws(() => questions.get(asked.question_id), /not open any more/);
  });

  it('are 8 of one vMCP and 32 of all at most', async () => {
    const { events, questions, ask } = make();
    const open = ['a', 'b', 'c', 'd'].flatMap((vmcp) => Array.from({ length: 8 }, () => ask(vmcp)));
    assert.throws(() => ask('a'), /Too many/);
    assert.throws(() => ask('e'), /Too many/);
    const [first] = events;
    assert(first?.type === 'question');
    questions.answer(first.question_id, { action: 'decline' });
    assert.deepEqual(await open[0], { action: 'decline' });
    open.push(ask('e'));
    questions.close();
    for (const { status } of await Promise.allSettled(open.slice(1))) {
      assert.equal(status, 'rejected');
    }
  });
});
