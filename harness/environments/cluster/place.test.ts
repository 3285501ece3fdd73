import { expect, test } from 'vitest';
import { placeOf } from './place.ts';

test('services are deployed unless something speaks for this process', () => {
  expect(placeOf([], undefined)).toEqual({ where: 'deployed', words: 'deployed' });
  expect(placeOf(['operator restarts', 'real containers'], undefined).where).toBe('deployed');
});

test('what only a process can show keeps a scenario’s services here, and is named', () => {
  expect(placeOf(['operator restarts', 'kills at a request'], undefined)).toEqual({
    where: 'on the host',
    words: 'on the host: kills at a request',
  });
  expect(placeOf(['service restarts', 'network faults'], undefined).words).toBe(
    'on the host: service restarts, network faults',
  );
});

test('whoever asks for this process has all there, with that as the reason', () => {
  expect(placeOf([], '--host').words).toBe('on the host: --host');
});
