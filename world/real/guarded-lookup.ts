/** How a guarded connection finds the address of a name: only addresses that were judged are handed on. */
import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { type AddressJudge, ForbiddenAddressError } from '../network.ts';

/** `resolve` is Node.js's `dns.lookup` unless a test gives another one. */
export function guardedLookup(isAllowed: AddressJudge, resolve: typeof lookup = lookup): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => {
      if (error) return callback(error, '');
      const allowed = found.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (!first) return callback(new ForbiddenAddressError(host, found[0]?.address ?? 'no address'), '');
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
