/**
 * A Task that is not carried out says so where people look: in `kubectl get tasks`, in its events, in `kubectl
 * describe`.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Kubectl, program } from './kubectl.fixture.ts';
import { RunningUp } from './running-up.fixture.ts';

const long = 'a'.repeat(60);

/** Name, what is wrong with the spec, the reason, and words of the sentence that says why. */
const refused: readonly (readonly [name: string, spec: object, reason: string, words: RegExp])[] = [
  ['bad-cron', { schedule: '61 * * * *' }, 'InvalidTask', /spec\.schedule: .*61/],
  ['bad-zone', { schedule: '@hourly', timeZone: 'Mars/Base' }, 'InvalidTask', /spec\.timeZone: .*Mars\/Base/],
  ['bad-payload', { payload: 'no json' }, 'InvalidTask', /spec\.payload: /],
  [long, { schedule: '@hourly' }, 'InvalidTask', /metadata\.name: /],
  ['bad-pool', { schedule: '@hourly', taskPool: 'none' }, 'TaskPoolNotFound', /spec\.taskPool: .*"none"/],
  ['bad-quantity', { resources: { limits: { cpu: 'much' } } }, 'InvalidTask', /spec\.resources\.limits\.cpu: .*much/],
];

describe.runIf(program)('kubectl shows why', () => {
  let up: RunningUp;
  let kubectl: Kubectl;
  let table: string[];
  let events: string[];

  beforeAll(async () => {
    up = await RunningUp.start();
    kubectl = new Kubectl(up);
    const required = { projectId: 'p', skillName: 's', actionName: 'a', image: 'orrery/actor' };
    const create = async (name: string, spec: object) => {
      const object = {
        apiVersion: 'fabric.orrery.dev/v1',
        kind: 'Task',
        metadata: { name },
        spec: { ...required, ...spec },
      };
      expect(await kubectl.create(object)).toMatchObject({ code: 0 });
    };
    for (const [name, spec] of refused) await create(name, spec);
    await create('no-image', { image: 'nowhere/none' });
    await create('right', { schedule: '@hourly' });
    await create('turned-bad', { schedule: '@hourly' });
    await kubectl.advance('10s');
    const patch = ['patch', 'task', 'turned-bad', '--type', 'merge', '-p', '{"spec":{"schedule":"sometimes"}}'];
    expect(await kubectl.run(patch)).toMatchObject({ code: 0 });
    await kubectl.advance('10s');
    table = (await kubectl.run(['get', 'tasks'])).out.split('\n');
    events = (await kubectl.run(['get', 'events', '--field-selector', 'type=Warning'])).out.split('\n');
  });
  afterAll(() => up?.stop());

  const row = (name: string) => table.find((line) => line.startsWith(`${name} `)) ?? '';

  test('in a column of its own', () => {
    expect(table[0]).toMatch(/^NAME +STATE +SCHEDULE +PROJECT +SKILL +LAST SCHEDULE +AGE +REASON\s*$/);
  });

  test.each(refused)('%s: %j', async (name, _spec, reason, words) => {
    expect(row(name)).toContain(`${reason}: `);
    expect(row(name)).toMatch(words);
    const event = events.find((line) => line.includes(`task/${name} `)) ?? '';
    expect(event).toMatch(new RegExp(`Warning +${reason} +task/${name} +${words.source}`));
    expect((await kubectl.run(['describe', 'task', name])).out).toMatch(
      new RegExp(`Warning +${reason}.*${words.source}`),
    );
  });

  test('an image that cannot be had', () => {
    expect(row('no-image')).toMatch(/(?:ErrImagePull|ImagePullBackOff)/);
    expect(events.find((line) => line.includes('pod/no-image-'))).toMatch(/Failed/);
  });

  test('a schedule that was right and is no more goes on, and says why it does not follow', () => {
    expect(row('turned-bad')).toMatch(/Active .*InvalidTask: spec\.schedule: .*sometimes/);
    expect(events.find((line) => line.includes('task/turned-bad '))).toMatch(/Warning +InvalidTask/);
  });

  test('and nothing where there is nothing to say', async () => {
    expect(row('right')).toMatch(/Active +@hourly +p +s +\d+s\s*$/);
    const back = ['patch', 'task', 'turned-bad', '--type', 'merge', '-p', '{"spec":{"schedule":"@daily"}}'];
    expect(await kubectl.run(back)).toMatchObject({ code: 0 });
    await kubectl.advance('10s');
    expect((await kubectl.run(['get', 'task', 'turned-bad'])).out).not.toContain('InvalidTask');
  });
});
