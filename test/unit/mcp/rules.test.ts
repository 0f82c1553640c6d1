import assert from 'node:assert/strict';
import { isLogLevel, passesLevel } from '../../../src/server/mcp/logLevels.ts';
import { negotiateVersion, protocolVersions } from '../../../src/server/mcp/protocolVersions.ts';
import { canAsk } from '../../../src/server/protocol/canAsk.ts';

describe('What a client can be asked', () => {
  const form = { elicitation: {} };
  const both = { elicitation: { form: {}, url: {} } };
  const urlOnly = { elicitation: { url: {} } };

  it('follows the capabilities it declared', () => {
    assert.equal(canAsk({ roots: {} }, 'roots/list', undefined), true);
    assert.equal(canAsk({}, 'roots/list', undefined), false);
    assert.equal(canAsk({ sampling: {} }, 'sampling/createMessage', {}), true);
    assert.equal(canAsk({ sampling: {} }, 'sampling/createMessage', { tools: [] }), false);
    assert.equal(
      canAsk({ sampling: { tools: {} } }, 'sampling/createMessage', { tools: [] }),
      true,
    );
    assert.equal(canAsk({}, 'tasks/get', {}), false);
  });

  it('tells forms from URLs, and takes an empty elicitation capability for forms', () => {
    const expectations = [
      [form, true, false],
      [both, true, true],
      [urlOnly, false, true],
      [{}, false, false],
    ] as const;
    for (const [capabilities, asForm, asUrl] of expectations) {
      assert.equal(canAsk(capabilities, 'elicitation/create', {}), asForm);
      assert.equal(canAsk(capabilities, 'elicitation/create', { mode: 'form' }), asForm);
      assert.equal(canAsk(capabilities, 'elicitation/create', { mode: 'url' }), asUrl);
    }
  });

  it('leaves methods unknown here to the client', () => {
    assert.equal(canAsk({}, 'future/question', {}), true);
  });
});

describe('Log levels', () => {
  it('pass from the wished severity upwards', () => {
    assert.equal(passesLevel('info', 'warning'), false);
    assert.equal(passesLevel('warning', 'warning'), true);
    assert.equal(passesLevel('emergency', 'warning'), true);
  });

  it('pass without a wish, and where the level is unknown', () => {
    assert.equal(passesLevel('debug', null), true);
    assert.equal(passesLevel('verbose', 'error'), true);
    assert.equal(passesLevel(undefined, 'error'), true);
  });

  it('are those of RFC 5424', () => {
    assert.equal(isLogLevel('notice'), true);
    assert.equal(isLogLevel('verbose'), false);
    assert.equal(isLogLevel(3), false);
  });
});

describe('Version negotiation', () => {
  it('keeps a version spoken here and counters any other with the newest', () => {
    for (const version of protocolVersions) assert.equal(negotiateVersion(version), version);
    for (const other of ['2026-07-28', '1.0', '', undefined, 7]) {
      assert.equal(negotiateVersion(other), '2025-11-25');
    }
  });
});
