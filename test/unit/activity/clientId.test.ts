import { strict as assert } from 'node:assert';
import { clientIdOf } from '../../../src/server/activity/clientId.ts';

describe('Client ids', () => {
  it('are the same for the same client and token, and others for others', () => {
    const ids = [
      clientIdOf('Visual Studio Code', null),
      clientIdOf('Visual Studio Code', 'token_1'),
      clientIdOf('Visual Studio Code', 'token_2'),
      clientIdOf('claude', 'token_1'),
      clientIdOf('', null),
    ];
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(clientIdOf('claude', 'token_1'), ids[3]);
    for (const id of ids) assert.match(id, /^client_[0-9a-f]{16}$/);
  });
});
