/** A fault between parties that nobody has is refused, as a misspelt field is. */
import { expect, test } from 'vitest';
import { Simulation } from '../../world/simulated/simulation.ts';
import { checkParties } from './parties.ts';

const simulation = new Simulation({ seed: 1, startAt: 0 });
await simulation.process('node-1').network.listen('10.0.0.1:80', () => undefined);

test.each([
  [{ kind: 'partition', from: 'operator', to: 'gateway' }],
  [{ kind: 'partition', from: 'node-1' }],
  [{ kind: 'refuse', to: '10.0.0.1' }],
  [{ kind: 'reset' }],
] as const)('%j is taken', (fault) => expect(() => checkParties(fault, simulation)).not.toThrow());

test.each([
  [{ kind: 'partition', from: 'operatr' }, /^from names "operatr", which is nobody here: there are .*operator/],
  [{ kind: 'partition', from: '10.0.0.1' }, /^from names/],
  [{ kind: 'refuse', to: 'node-1' }, /^to names "node-1".*10\.0\.0\.1, content, gateway/],
  [{ kind: 'refuse', from: 'x', to: 'constructor' }, /from names "x".*; to names "constructor"/],
] as const)('%j is refused', (fault, words) => expect(() => checkParties(fault, simulation)).toThrow(words));
