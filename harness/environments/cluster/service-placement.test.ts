import { expect, test } from 'vitest';
import { placementOf } from './service-placement.ts';

test('services are deployed unless something speaks for this process', () => {
  expect(placementOf([], undefined)).toEqual({ where: 'deployed', words: 'deployed' });
  expect(placementOf(['operator restarts', 'real containers'], undefined).where).toBe('deployed');
});

test('what only a process can show keeps a scenario’s services here, and is named', () => {
  expect(placementOf(['operator restarts', 'kills at a request'], undefined)).toEqual({
    where: 'on the host',
    words: 'on the host: kills at a request',
  });
  expect(placementOf(['service restarts', 'network faults'], undefined).words).toBe(
    'on the host: service restarts, network faults',
  );
});

test('whoever asks for this process has all there, with that as the reason', () => {
  expect(placementOf([], '--host').words).toBe('on the host: --host');
});
