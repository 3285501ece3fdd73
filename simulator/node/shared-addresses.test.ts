/** Addresses of pods that are processes of one machine. */
import { expect, test } from 'vitest';
import type { Pod } from '../../kubernetes/objects.ts';
import { SharedAddresses } from './shared-addresses.ts';

function pod(...ports: number[]): Pod {
  const container = { name: 'c', ports: ports.map((containerPort) => ({ containerPort })) };
  return { spec: { containers: [container] } } as Pod;
}

test('pods have the node’s address, but for two that declare the same port', () => {
  const addresses = new SharedAddresses('127.0.0.1');
  expect([pod(), pod(80), pod(81), pod(80), pod(80, 81), pod()].map((each) => addresses.take(each))).toEqual([
    '127.0.0.1',
    '127.0.0.1',
    '127.0.0.1',
    '127.0.0.2',
    '127.0.0.3',
    '127.0.0.1',
  ]);
});

test('an address that is given back is free for that port again', () => {
  const addresses = new SharedAddresses('127.0.0.1');
  const first = pod(80);
  addresses.release(addresses.take(first), first);
  expect(addresses.take(pod(80))).toBe('127.0.0.1');
});

test('a node that is not on the loopback has one address', () => {
  const addresses = new SharedAddresses('192.0.2.1');
  expect([pod(80), pod(80)].map((each) => addresses.take(each))).toEqual(['192.0.2.1', '192.0.2.1']);
});
