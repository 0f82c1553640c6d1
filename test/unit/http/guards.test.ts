import { strict as assert } from 'node:assert';
import { bearerToken, carriesToken, tokenDigest } from '../../../src/server/http/guards/bearer.ts';
import { isJsonContentType } from '../../../src/server/http/guards/jsonContentType.ts';
import { isLoopbackHost } from '../../../src/server/http/guards/loopbackHost.ts';
import { isAllowedOrigin, isOwnOrigin, originSet } from '../../../src/server/http/guards/origin.ts';

describe('Host guard', () => {
  for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]', 'localhost:80', '[::1]:80']) {
    it(`takes ${host}`, () => assert.equal(isLoopbackHost(host, 80), true));
  }
  for (const host of [
    undefined,
    '',
    'evil.example',
    'evil.example:80',
    '127.0.0.1:81',
    'localhost:',
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    '::1',
    '[::1]:81',
    '[::1',
    '0.0.0.0:80',
    'localhost:80:80',
    'user@localhost',
  ]) {
    it(`refuses ${host}`, () => assert.equal(isLoopbackHost(host, 80), false));
  }
});

describe('Origin guard', () => {
  it('knows its own address, by any loopback name and with its port only', () => {
    for (const own of ['http://127.0.0.1:8000', 'http://LOCALHOST:8000', 'http://[::1]:8000']) {
      assert.equal(isOwnOrigin(own, 8000), true, own);
    }
    for (const foreign of [
      undefined,
      'null',
      'http://localhost',
      'http://localhost:8001',
      'https://localhost:8000',
      'http://evil.example:8000',
      'http://evil.example/http://localhost:8000',
      'http://localhost:8000.evil.example',
    ]) {
      assert.equal(isOwnOrigin(foreign, 8000), false, foreign);
    }
  });

  const allowed = originSet(['https://App.example/', ' http://localhost:3000 ']);
  it('takes requests without an origin, as programs send them', () =>
    assert.equal(isAllowedOrigin(undefined, new Set()), true));
  it('refuses every origin by default', () => {
    for (const origin of ['null', '', 'http://127.0.0.1:80', 'vscode-file://vscode-app']) {
      assert.equal(isAllowedOrigin(origin, new Set()), false, origin);
    }
  });
  it('takes the allowed ones in any letter case, and nothing like them', () => {
    assert.equal(isAllowedOrigin('https://app.example', allowed), true);
    assert.equal(isAllowedOrigin('http://LOCALHOST:3000', allowed), true);
    assert.equal(isAllowedOrigin('https://app.example.evil', allowed), false);
    assert.equal(isAllowedOrigin('http://app.example', allowed), false);
  });
});

describe('Content type guard', () => {
  for (const type of [
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/json;charset="utf-8"',
    'application/json; profile=x',
  ]) {
    it(`takes ${type}`, () => assert.equal(isJsonContentType(type), true));
  }
  for (const type of [
    undefined,
    '',
    'text/plain',
    'application/jsonp',
    'application/x-www-form-urlencoded',
    'text/plain; application/json',
    'application/json; charset=latin1',
  ]) {
    it(`refuses ${type}`, () => assert.equal(isJsonContentType(type), false));
  }
});

describe('Bearer tokens', () => {
  const digest = tokenDigest('secret-token');
  it('are found in the header whatever the letter case of the scheme', () => {
    assert.equal(bearerToken('bearer  abc '), 'abc');
    assert.equal(bearerToken('Basic abc'), undefined);
    assert.equal(bearerToken('Bearer'), undefined);
    assert.equal(bearerToken(undefined), undefined);
  });
  it('open with the right token only', () => {
    assert.equal(carriesToken('Bearer secret-token', digest), true);
    for (const wrong of [undefined, 'Bearer secret-toke', 'Bearer secret-token2', 'secret-token']) {
      assert.equal(carriesToken(wrong, digest), false, wrong);
    }
  });
});
