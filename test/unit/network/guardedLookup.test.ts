import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isBlockedAddress } from '../../../src/server/network/blockedAddresses.ts';
import { blockedHost, guardedLookup } from '../../../src/server/network/guardedLookup.ts';

/** Looks a name up where DNS says that it is at these addresses. */
function lookUp(found: string[], all: boolean): Promise<unknown[]> {
  const addresses = found.map((address): LookupAddress => {
    return { address, family: address.includes(':') ? 6 : 4 };
  });
  const resolve: LookupFunction = (_host, _options, callback) => callback(null, addresses);
  const refusal = (host: string) => new Error(`${host} is refused`);
  return new Promise((settle, reject) => {
    guardedLookup(resolve, refusal)('rebound.example', { all }, (error, ...answer) => {
      if (error) reject(error);
      else settle(answer);
    });
  });
}

describe('Addresses that others choose', () => {
  it('are refused where a name leads to a metadata or link-local address, and nowhere else', async () => {
    const forbidden = ['169.254.169.254', '::ffff:169.254.169.254', 'fe80::1%eth0'];
    for (const all of [true, false]) {
      await assert.rejects(lookUp(forbidden, all), /rebound\.example is refused/);
      for (const each of forbidden) {
        await assert.rejects(lookUp([each], all), /rebound\.example is refused/);
      }
    }
  });

  it('lead to what is left of several', async () => {
    const both = ['169.254.1.1', '192.0.2.1', 'fe80::1'];
    assert.deepEqual(await lookUp(both, true), [[{ address: '192.0.2.1', family: 4 }]]);
    assert.deepEqual(await lookUp(both, false), ['192.0.2.1', 4]);
  });

  it('are known however they are written', () => {
    for (const spelling of [
      ...['169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '169.254.43518'],
      ...['169。254。169。254', '169.254.169.254.', '%31%36%39.254.169.254'],
      ...['[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]', '[64:ff9b::a9fe:a9fe]', '[fe80::1]'],
      ...['[2002:a9fe:a9fe::1]', '[::a9fe:a9fe]', '[fd00:ec2::254]', '[fd00:ec2::23]'],
      ...['100.100.100.200', '168.63.129.16', '192.0.0.192', '[fd20:ce::254]'],
    ]) {
      assert.notEqual(blockedHost(new URL(`http://${spelling}/`)), undefined, spelling);
    }
  });

  it('of ordinary machines are none of them', () => {
    for (const address of ['127.0.0.1', '::1', '10.0.0.1', '192.168.1.1', '169.253.255.255']) {
      assert.equal(isBlockedAddress(address), false, address);
    }
    assert.equal(blockedHost(new URL('http://example.org/')), undefined);
  });
});
