/** Tokens of messages are shown nowhere; what users wrote is theirs. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeArgument } from '../../task/payload.ts';
import { jobWithoutToken, withoutToken } from './without-token.ts';

const message = { activationId: 'a', projectId: 'p', apiEndpoint: 'http://x', payload: { token: 'mine', price: '$5' } };

test('of a message the token goes, and nothing else', () => {
  expect(JSON.parse(withoutToken(JSON.stringify({ ...message, token: 'secret' })))).toEqual(message);
});

test('any other payload stays as it was, byte for byte', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), fc.constant(' {"token": "mine"} ')), (text) => {
      expect(withoutToken(text)).toBe(text);
    }),
  );
});

test('of a Job’s arguments too, where its `$` are doubled', () => {
  const args = ['first', escapeArgument(JSON.stringify({ ...message, token: 'secret' }))];
  const template = { spec: { containers: [{ name: 'task', args }] } };
  const shown = JSON.stringify(jobWithoutToken({ metadata: {}, spec: { template } } as never));
  expect(shown).not.toContain('secret');
  expect(shown).toContain('$$5');
});
