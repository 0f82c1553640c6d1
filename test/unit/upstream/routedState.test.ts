import assert from 'node:assert/strict';
import fc from 'fast-check';
import { repeated, routed, serverOf } from '../../../src/server/upstream/modern/routedState.ts';

const invalid = { code: -32602, message: 'Invalid or expired requestState' };

describe('A state with its server', () => {
  it('goes back to that server alone, byte for byte, and to none where it had none', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (server, state) => {
        const result = routed({ ...(state !== undefined && { requestState: state }) }, server);
        const requestState = String(result?.requestState);
        assert.equal(serverOf(requestState), server);
        const sent = repeated({ requestState, inputResponses: { a: {} } }, server);
        assert.deepEqual(sent, {
          inputResponses: { a: {} },
          ...(state !== undefined && { requestState: state }),
        });
        assert.throws(() => repeated({ requestState }, `${server}x`), invalid);
      }),
    );
  });

  it('is not carried where it is very long', () => {
    assert.equal(routed({ requestState: 'x'.repeat(65 * 1024) }, 's'), undefined);
  });
});
