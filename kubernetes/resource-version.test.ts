/** Versions are compared as whole numbers of any length, and only those. */
import { expect, test } from 'vitest';
import { isNewer } from './resource-version.ts';

const at = (resourceVersion?: string) => ({ metadata: { resourceVersion } });

test.each([
  ['10', '9', true],
  ['9', '10', false],
  ['7', '7', false],
  ['18446744073709551616', '18446744073709551615', true],
  ['0', '1', false],
  ['10', 'abc', false],
  ['abc', '10', false],
  [undefined, '10', false],
  ['10', undefined, false],
])('%s is newer than %s: %s', (one, other, wanted) => expect(isNewer(at(one), at(other))).toBe(wanted));
