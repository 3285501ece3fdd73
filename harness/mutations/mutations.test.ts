/**
 * The judges are judged: Fabric and the simulator are broken on purpose, each fault in a process of its own, and a
 * scenario must say so. A fault that nobody catches would mean that a real one could go by as well. A part of them,
 * which changes with each commit, is judged here; all of them by `npm run mutations`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { scenariosFolder } from '../cli/scenarios-folder.ts';
import { packageFolder } from '../package.ts';
import { catalogue } from '../runner/catalogue.ts';
import { mutations } from './catalogue/index.ts';
import { judgeMutation, playUnbroken } from './judge.ts';
import { type Mutation, MutationError, mutate } from './mutation.ts';
import { sliceOf } from './slice.ts';

/** Some four seconds of processor each. */
const sliceSize = Number(process.env.ORRERY_MUTATIONS ?? 24);

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: packageFolder, encoding: 'utf8' }).trim();
  } catch {
    // Not a checkout: the same part each time.
    return 'no commit';
  }
}

/** Of one mutation, or of all that is unbroken, on a machine that does something else as well. */
const timeoutMs = 600_000;

vi.setConfig({ testTimeout: timeoutMs });

const chosenBy = commit();
const slice = sliceOf(mutations, chosenBy, sliceSize);
console.info(`mutations of commit ${chosenBy}: ${slice.map(({ name }) => name).join(', ')}`);

describe('broken on purpose, it is caught:', () => {
  test.each(slice)('$description ($name)', async (mutation) => {
    const { caught, played, trouble } = await judgeMutation(mutation);
    expect(caught?.verdict, `${trouble} ${JSON.stringify(played)}`).toBe('false');
  });
});

test('unbroken, the scenarios that caught them pass', async () => {
  const scenarios = [...new Set(slice.flatMap(({ caughtBy }) => caughtBy))];
  expect(await playUnbroken(scenarios)).toEqual({ failed: [], trouble: '' });
});

describe('the catalogue', () => {
  test('has each name once, and scenarios that there are', () => {
    const names = mutations.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    const scenarios = new Set(catalogue(scenariosFolder).map(({ name }) => name));
    const unknown = mutations.flatMap(({ caughtBy }) => caughtBy).filter((name) => !scenarios.has(name));
    expect(unknown).toEqual([]);
  });

  test.each(mutations)('finds the place of $name, and changes it', (mutation) => {
    const source = readFileSync(join(packageFolder, mutation.file), 'utf8');
    expect(mutate(mutation, source)).not.toBe(source);
  });
});

describe('the place of a mutation', () => {
  const mutation: Mutation = {
    name: 'm',
    kind: 'content',
    description: '',
    file: 'f',
    find: 'x',
    replace: 'y',
    caughtBy: [],
  };
  const source =
    'function one(): void {\n  x();\n}\n\nfunction two(\n  a: number,\n): void {\n  a + x;\n  b +\n    c;\n}\n';

  test('that is not found once is an error, not a pass', () => {
    expect(() => mutate(mutation, 'a')).toThrow(MutationError);
    expect(() => mutate(mutation, 'x x')).toThrow('stands 2 times');
    expect(mutate(mutation, 'a x b')).toBe('a y b');
  });

  test('is looked for in its declaration alone', () => {
    expect(mutate({ ...mutation, within: 'function two' }, source)).toBe(source.replace('a + x', 'a + y'));
    expect(() => mutate({ ...mutation, within: 'function three' }, source)).toThrow('no such declaration');
    expect(() => mutate({ ...mutation, within: 'function one', find: 'a +' }, source)).toThrow('stands 0 times');
  });

  test('is found however it is broken into lines', () => {
    expect(mutate({ ...mutation, find: 'b + c' }, source)).toContain('\n  y;');
  });

  test('is part of a slice that the commit chooses', () => {
    const all = mutations.map(({ name }) => name);
    const chosen = sliceOf(mutations, 'a', 5).map(({ name }) => name);
    expect(chosen).toHaveLength(5);
    expect(sliceOf(mutations, 'a', 5).map(({ name }) => name)).toEqual(chosen);
    expect(sliceOf(mutations, 'b', 5).map(({ name }) => name)).not.toEqual(chosen);
    expect(sliceOf(mutations, 'a', 1000).map(({ name }) => name)).toEqual(all);
  });
});
