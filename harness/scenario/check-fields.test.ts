/** What a scenario hands over is held to what is known, in JavaScript too: each case is a call and what it must say. */
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import type { TaskSpec } from '../../fabric/task/task.ts';
import type { NetworkFault } from '../../world/simulated/faults.ts';
import type { FabricService } from '../environments/environment.ts';
import { ScenarioMistakeError } from './check-fields.ts';
import type { Given } from './given.ts';
import { type FakeStage, fakeStage } from './stage.fixture.ts';
import type { When } from './when.ts';

const task = { name: 'task', namespace: 'fabric' };
let stage: FakeStage;
beforeEach(() => {
  stage = fakeStage();
});

/** As a scenario in JavaScript sees it. */
const untyped = <T>(value: unknown): T => value as T;

describe('a misspelt field of a Task is refused, with the nearest one', () => {
  test.each<[object, string]>([
    [{ concurencyPolicy: 'Forbid' }, "given.task('x'): concurencyPolicy is no field (did you mean concurrencyPolicy?)"],
    [{ scedule: '* * * * *' }, 'scedule is no field (did you mean schedule?)'],
    [{ scrpt: 'print hi' }, 'scrpt is no field (did you mean script?)'],
    [{ resources: { limit: { cpu: 1 } } }, 'resources.limit is no field (did you mean limits?)'],
    [
      { restartPolicy: 'Never', suspendd: true },
      'restartPolicy is no field; suspendd is no field (did you mean suspend?)',
    ],
  ])('%j', async (wish, words) => {
    const made = stage.given.task('x', wish);
    await expect(made).rejects.toThrow(ScenarioMistakeError);
    await expect(made).rejects.toThrow(words);
    expect(stage.environment.calls).toEqual([]);
  });

  test('environment and resources have names of the user’s own', async () => {
    await stage.given.task('x', { environment: { ANY: '1' }, resources: { limits: { 'example.com/gpu': 1 } } });
    expect(stage.environment.calls).toHaveLength(1);
  });

  test('when it is changed, and in a pool, and where there is no wish at all', async () => {
    await expect(stage.when.changed(task, untyped<TaskSpec>({ suspnd: true }))).rejects.toThrow(
      'did you mean suspend?',
    );
    await expect(stage.when.changed(task, untyped<TaskSpec>({ script: 'x' }))).rejects.toThrow("when.changed('task')");
    await expect(stage.given.taskPool('p', untyped({ persistTask: false }))).rejects.toThrow(
      'did you mean persistTasks?',
    );
    await expect(stage.given.task('x', untyped(undefined))).rejects.toThrow('undefined is no object');
  });

  test('and by the compiler, before it is run', () => {
    expectTypeOf<Parameters<Given['task']>[1]>().toHaveProperty('concurrencyPolicy');
    expectTypeOf<Parameters<Given['task']>[1]>().not.toHaveProperty('concurencyPolicy');
    expectTypeOf<Parameters<When['changed']>[1]>().toHaveProperty('suspend');
    expectTypeOf<Parameters<When['changed']>[1]>().not.toHaveProperty('suspnd');
    expectTypeOf<{ kind: 'loss'; probabilty: 1; side: 'request' }>().not.toExtend<Parameters<When['fault']>[0]>();
  });
});

describe('so is a misspelt fault, service, option or outcome', () => {
  test('of the network and of the API', () => {
    const misspelt = untyped<NetworkFault>({ kind: 'loss', probabilty: 1, side: 'request' });
    expect(() => stage.when.fault(misspelt)).toThrow('did you mean probability?');
    const ofApi = untyped<NetworkFault>({ kind: 'watch-lag', minimumMs: 1, maximumMS: 2 });
    expect(() => stage.when.fault(ofApi)).toThrow('did you mean maximumMs?');
    expect(stage.steps.steps).toEqual([]);
  });

  test('of kills', async () => {
    const service = untyped<FabricService>('gatway');
    await expect(stage.when.dies(service)).rejects.toThrow('"gatway" is none of operator, gateway, content (did you');
    await expect(stage.when.comesBack(service)).rejects.toThrow('did you mean gateway?');
    expect(() => stage.when.diesAt(service, 'write', () => true)).toThrow('did you mean gateway?');
  });

  test('of requests, conditions and planned starts', async () => {
    await expect(stage.when.asked('/x', untyped({ methd: 'POST' }))).rejects.toThrow('did you mean method?');
    await expect(stage.when.until(untyped({ word: 'x', isMet: () => true }))).rejects.toThrow('did you mean words?');
    await expect(stage.then.starts(task, untyped({ skiped: 1 }))).rejects.toThrow('did you mean skipped?');
  });
});
