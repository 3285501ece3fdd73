/** Playing a scenario never throws, and passes only what was judged true. */
import { describe, expect, test } from 'vitest';
import type { EnvironmentProvider, PlayedEnvironment } from '../environments/provider.ts';
import { fails, holds } from '../invariants/verdict.ts';
import { taskOf } from '../recording/histories.fixture.ts';
import type { ScenarioResult } from '../reports/model.ts';
import { scenario } from '../scenario/scenario.ts';
import { FakeEnvironment } from '../scenario/stage.fixture.ts';
import { play } from './play.ts';

type Definition = Parameters<typeof scenario>[0];

class Played extends FakeEnvironment implements PlayedEnvironment {
  impure: readonly string[] = [];
  written = () => undefined;
  impurities = () => this.impure;
  override traceHash = () => 'abc';
}

async function playing(
  definition: Partial<Definition>,
  environment = new Played(),
  kind: Partial<EnvironmentProvider> = {},
): Promise<ScenarioResult> {
  return play({
    entry: { name: 'folder-file', file: 'folder/file.ts', about: 'about' },
    scenario: scenario({
      title: 'It holds',
      play: async ({ then }) => then.add('it holds', holds('yes')),
      ...definition,
    }),
    kind: { name: 'fake', abilities: new Set(['virtual time']), up: async () => environment, ...kind },
    seed: 7,
    wallNow: () => 0,
  });
}

describe('a scenario that is played to its end', () => {
  test('passes when all that was judged is true', async () => {
    const environment = new Played();
    const result = await playing({}, environment);
    expect(result).toMatchObject({
      verdict: { value: 'true' },
      traceHash: 'abc',
      replay: 'orrery run folder-file --seed 7',
      about: 'about',
    });
    expect(environment.calls).toEqual(['down']);
  });

  test('fails when one sentence is false, however many are true', async () => {
    const result = await playing({
      async play({ then }) {
        then.add('one', holds('yes'));
        then.add('two', fails('no'));
        then.add('three', holds('yes'));
      },
    });
    expect(result.verdict).toEqual(fails('no'));
  });

  test('is unknown when it judged nothing', async () => {
    expect((await playing({ play: async () => undefined })).verdict.value).toBe('unknown');
  });

  test('fails when machine time was read behind the World’s back', async () => {
    const environment = new Played();
    environment.impure = ['Date.now in a', 'Date.now in b'];
    const { verdict } = await playing({}, environment);
    expect(verdict).toEqual(fails('Date.now in a and 1 more'));
  });

  test('shows what became of the planned starts, and fails when one has no explanation', async () => {
    const environment = new Played();
    environment.recording.tasks.push(taskOf([{ schedule: '* * * * *' }]));
    const result = await playing(
      {
        async play({ when, then }) {
          await when.timePasses('90s');
          then.add('it holds', holds('yes'));
        },
      },
      environment,
    );
    expect(result.plannedStarts).toHaveLength(1);
    expect(result.virtualMs).toBe(90_000);
    expect(result.verdict.value).toBe('false');
  });
});

describe('unknown, never passed:', () => {
  test('the environment does not come up', async () => {
    const up = async () => Promise.reject(new TypeError('no disk'));
    const result = await playing({}, undefined, { up });
    expect(result.verdict).toEqual({
      value: 'unknown',
      because: 'the environment did not come up: TypeError: no disk',
    });
    expect(result.judgements).toEqual([]);
  });

  test('a condition times out, with its words, and the environment goes down', async () => {
    const environment = new Played();
    const result = await playing(
      {
        async play({ when, then }) {
          then.add('it holds', holds('yes'));
          await when.started({ name: 'task', namespace: 'fabric' }, 2, '1m');
        },
      },
      environment,
    );
    expect(result.verdict.value).toBe('unknown');
    expect(result.verdict.because).toMatch(/waiting until task has started 2 runs; last seen: 0 runs/);
    expect(result.judgements.map(({ sentence }) => sentence)).toContain('it holds');
    expect(environment.calls).toEqual(['down']);
  });

  test('a scenario throws, whatever it throws', async () => {
    const result = await playing({ play: () => Promise.reject('words') });
    expect(result.verdict).toEqual({ value: 'unknown', because: "'words' was thrown, which is no Error" });
  });

  test('a sentence that is false weighs more than a play that ended early', async () => {
    const result = await playing({
      async play({ then }) {
        then.add('it holds', fails('no'));
        throw new Error('lost');
      },
    });
    expect(result.verdict).toEqual(fails('no'));
  });

  test('what was seen cannot be collected', async () => {
    const environment = new Played();
    environment.onCollect = () => {
      throw new Error('the gateway answered 500');
    };
    expect((await playing({}, environment)).verdict.because).toMatch(/gateway answered 500/);
  });

  test('a standing judge fails', async () => {
    const environment = new Played();
    environment.recording.tasks.push({ ...taskOf([]), plans: null as never });
    const result = await playing({}, environment);
    expect(result.verdict.value).toBe('unknown');
    expect(result.plannedStarts).toEqual([]);
  });
});

test('an ability that is missing: not here, and nothing is brought up', async () => {
  const up = () => Promise.reject(new Error('must not be called'));
  const result = await playing({ needs: ['virtual time', 'python', 'real processes'] }, undefined, { up });
  expect(result.verdict).toEqual({ value: 'not here', because: 'fake has no python, real processes' });
});
