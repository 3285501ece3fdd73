/**
 * What an update makes of a body: the same as without the stored version, and of the stored version whatever it leaves
 * alone.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WriteRequest } from '../backend.ts';
import { type ApiObject, freezeDeep } from '../json.ts';
import { asWritten, decodeObject, withDefaults, withDefaultsLike } from './decode.ts';
import { Registry } from './registry.ts';

const registry = new Registry();
const file = new URL('../validate/recorded.json', import.meta.url);
const recorded: { body?: ApiObject }[] = JSON.parse(readFileSync(file, 'utf8'));

function requestFor({ apiVersion, kind }: ApiObject): WriteRequest | undefined {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const resource = registry.findKind(group, version, kind);
  return resource && { ...anyone, resource };
}

const anyone: Omit<WriteRequest, 'resource'> = {
  namespace: 'default',
  caller: { user: 'someone', groups: [] },
  manager: 'test',
  dryRun: false,
  fieldValidation: 'Ignore',
  warn: () => {},
};

/** Those that decode, with what a create would store. */
const bodies = recorded.flatMap(({ body }) => {
  const request = body && requestFor(body);
  if (!body || !request) return [];
  try {
    const { resource } = request;
    return [
      { body, request, stored: freezeDeep(asWritten(resource, withDefaults(resource, decodeObject(request, body)))) },
    ];
  } catch {
    return [];
  }
});

describe('the candidate of an update', () => {
  test('is of the stored version wherever defaults make it the same', () => {
    expect(bodies.length).toBeGreaterThan(100);
    for (const { body, request, stored } of bodies) {
      const again = withDefaultsLike(request.resource, decodeObject(request, body, stored), stored);
      for (const member of Object.keys(stored)) if (member !== 'metadata') expect(again[member]).toBe(stored[member]);
      expect([again === stored, again.metadata === stored.metadata]).toEqual([false, false]);
    }
  });

  test('is what it would be without a stored version', () => {
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.constantFrom(...bodies), ({ stored }, { body, request }) => {
        const { resource } = request;
        const alone = asWritten(resource, withDefaults(resource, decodeObject(request, body)));
        expect(withDefaultsLike(resource, decodeObject(request, body, stored), stored)).toEqual(alone);
      }),
      { numRuns: 300 },
    );
  });
});
