/** Names that lead where no connection may go, on the machine's own network (DNS rebinding). */
import type { LookupAddress, lookup } from 'node:dns';
import { afterEach, expect, test } from 'vitest';
import { ForbiddenAddressError } from '../network.ts';
import { guardedLookup } from './guarded-lookup.ts';
import { RealNetwork } from './network.ts';

const network = new RealNetwork();
afterEach(() => network.close());

/** Resolves every name to these addresses. */
function resolving(...addresses: readonly string[]): typeof lookup {
  const found: LookupAddress[] = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const answer = (_host: string, _options: object, callback: (error: null, all: LookupAddress[]) => void) =>
    callback(null, found);
  return answer as unknown as typeof lookup;
}

function looked(isAllowed: (address: string) => boolean, resolve: typeof lookup, all: boolean) {
  return new Promise((settle) => {
    guardedLookup(isAllowed, resolve)('name', { all }, (error, address) => settle(error ?? address));
  });
}

test('only addresses that are allowed are handed on, one or all', async () => {
  const isAllowed = (address: string) => address !== '127.0.0.1';
  const mixed = resolving('127.0.0.1', '93.184.216.34', '::2');
  expect(await looked(isAllowed, mixed, false)).toBe('93.184.216.34');
  expect(await looked(isAllowed, mixed, true)).toEqual([
    { address: '93.184.216.34', family: 4 },
    { address: '::2', family: 6 },
  ]);
  const inside = await looked(isAllowed, resolving('127.0.0.1'), true);
  expect(inside).toBeInstanceOf(ForbiddenAddressError);
  expect(String(inside)).toContain('name leads to 127.0.0.1, to which no connection may go');
});

test('a request to a name that leads to this machine is not made through a guard, and is without', async () => {
  let requests = 0;
  const listener = await network.listen('127.0.0.1:0', (_request, response) => {
    requests += 1;
    response.head(200, {});
    response.end('here');
  });
  const url = listener.url.replace('127.0.0.1', 'localhost');
  const judged: string[] = [];
  const dispatcher = network.guardedDispatcher((address) => {
    judged.push(address);
    return false;
  });
  const refused = await network.fetch(url, { dispatcher }).catch((error: unknown) => error);
  expect(String((refused as Error).cause)).toContain('to which no connection may go');
  expect([requests, judged.includes('127.0.0.1')]).toEqual([0, true]);
  const allowed = network.guardedDispatcher(() => true);
  expect(await (await network.fetch(url, { dispatcher: allowed })).text()).toBe('here');
  await listener.close();
});
