import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isBlockedAddress } from './blockedAddresses.ts';

/**
 * A look-up that leaves out blocked addresses; `printer.local` may have one of each kind. The address
 * that is connected to is the one that was looked at, so a name that resolves differently the second
 * time does not help.
 * @param refusal the error where no address is left
 */
export function guardedLookup(
  resolve: LookupFunction,
  refusal: (host: string) => Error,
): LookupFunction {
  return (hostname, options: LookupOptions, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '');
      const addresses = (found as LookupAddress[]).filter((one) => !isBlockedAddress(one.address));
      const [first] = addresses;
      if (!first) return callback(refusal(hostname), '');
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

/** The host of a URL where it is a blocked address itself, however it is spelled; else undefined. */
export function blockedHost(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, ''); // the URL parser has made all spellings one
  return isIP(host) !== 0 && isBlockedAddress(host) ? host : undefined;
}
