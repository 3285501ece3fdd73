/** Misspelt variables are found; those of other services, and those that Kubernetes gives, are left alone. */
import { expect, test } from 'vitest';
import { misspeltVariables } from './misspelt-variables.ts';

const known = ['FABRIC_GATEWAY_URL', 'FABRIC_CONTENT_URL', 'FABRIC_NAMESPACE', 'FABRIC_LOG_TTL', 'FABRIC_WORKERS'];

test.each([
  ['FABRIC_GATWAY_URL', 'FABRIC_GATEWAY_URL'],
  ['FABRIC_WORKER', 'FABRIC_WORKERS'],
  ['FABRIC_NAMSPACE', 'FABRIC_NAMESPACE'],
])('%s means %s', (name, meant) => expect(misspeltVariables([name], known)).toEqual([{ name, meant }]));

test.each([
  'FABRIC_GATEWAY_URL',
  'FABRIC_STORE',
  'FABRIC_GATEWAY_SERVICE_HOST',
  'FABRIC_GATEWAY_PORT_80_TCP',
  'PATH',
  'GATWAY_URL',
])('%s is no mistake', (name) => expect(misspeltVariables([name], known)).toEqual([]));
