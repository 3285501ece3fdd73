/**
 * A schedule as the existing command line manages it (contract 3.4): created, listed, paused, resumed and deleted over
 * HTTP, each answer byte for byte that of the seeds. What the gateway refuses it refuses with a JSON body that says
 * why; the runs stay listed when their schedule is gone.
 */
import { type Verdict, worst } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

const tasks = '/fabric/v4/projects/proj1/tasks';
const schedule = {
  name: 'Hubble_Minutely',
  skillName: 'actor',
  actionName: 'run',
  image: 'orrery/actor',
  args: ['print hello'],
  schedule: '* * * * *',
};

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Listed {
  readonly tasks: readonly { readonly name: string; readonly status: string; readonly scheduleName?: string }[];
}

export default scenario({
  title: 'A schedule is created, listed, paused, resumed and deleted over HTTP, in the seeds’ own words',
  needs: ['virtual time'],
  async play({ when, then }) {
    const created = await when.asked(tasks, { method: 'POST', body: JSON.stringify(schedule) });
    then.add('its name is made by the gateway’s rule', equals(field(created, 'taskName'), 'proj1-hubble-minutely'));
    await when.timePasses('2m30s');
    const listed = await when.asked(`${tasks}?scheduled=true`);
    then.add('it is listed as Active', equals(statuses(listed), [['proj1-hubble-minutely', 'Active']]));

    const taken = await when.asked(tasks, {
      method: 'POST',
      body: JSON.stringify({ ...schedule, name: 'hubble--minutely' }),
    });
    then.add(
      'another name that comes to the same is refused, and the holder named',
      refused(taken, 409, ['Hubble_Minutely']),
    );

    const paused = await when.asked(`${tasks}/proj1-hubble-minutely/pause?verbose=false`, { method: 'POST' });
    then.add(
      'pausing answers in the seeds’ words',
      says(paused, 'Successfully paused task \\"proj1-hubble-minutely\\"'),
    );
    const shown = await when.asked(`${tasks}?scheduled=true`);
    then.add('it is shown PAUSED', equals(statuses(shown), [['proj1-hubble-minutely', 'PAUSED']]));
    await when.timePasses('3m');
    const whilePaused = await when.asked(tasks);
    then.add('nothing was started meanwhile', equals(statuses(whilePaused).length, 2));

    const resumed = await when.asked(`${tasks}/proj1-hubble-minutely/resume?verbose=false`, { method: 'POST' });
    then.add(
      'resuming answers in the seeds’ words',
      says(resumed, 'Successfully resumed task \\"proj1-hubble-minutely\\"'),
    );
    await when.timePasses('2m');
    const runs = statuses(await when.asked(tasks)).length;
    then.add('runs start again', equals(runs > 2, true));

    const deleted = await when.asked(`${tasks}/proj1-hubble-minutely?verbose=false`, { method: 'DELETE' });
    then.add(
      'deleting answers in the seeds’ words',
      says(deleted, 'Successfully marked task proj1-hubble-minutely for delete'),
    );
    await when.timePasses('2m');
    then.add('no schedule is listed', equals(statuses(await when.asked(`${tasks}?scheduled=true`)), []));
    const left = statuses(await when.asked(`${tasks}?scheduleName=proj1-hubble-minutely`));
    then.add(
      'its runs stay listed, all of them ended',
      equals(
        left.map(([, status]) => status),
        Array(runs).fill('COMPLETE'),
      ),
    );

    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/pause'],
      ['GET', '/logs'],
    ] as const) {
      const unknown = await when.asked(`${tasks}/proj1-nobody${path}`, { method });
      then.add(`${method} ${path} of an unknown task is a 404`, refused(unknown, 404, ['proj1-nobody', 'proj1']));
    }
    const query = await when.asked(`${tasks}?limit=few`);
    then.add('a bad query is a 400 with details', refused(query, 400, ['limit', 'few']));
    then.add(
      'each detail stands on its own',
      equals(field(query, 'details'), [
        { type: 'limit', name: 'limit', path: ['query', 'limit'], message: 'limit must be a whole number, not "few"' },
      ]),
    );
  },
});

function field(answer: Answer, name: string): unknown {
  return (JSON.parse(answer.text) as Record<string, unknown>)[name];
}

/** Name and status of each row, in the order of the answer. */
function statuses(answer: Answer): [string, string][] {
  return (JSON.parse(answer.text) as Listed).tasks.map(({ name, status }) => [name, status]);
}

/** The answer is a success with that message (as JSON has it) and nothing else, byte for byte. */
function says(answer: Answer, message: string): Verdict {
  return worst([equals(answer.status, 200), equals(answer.text, `{"success":true,"message":"${message}"}`)]);
}

/** The answer is a refusal whose JSON body holds the words. */
function refused(answer: Answer, status: number, words: readonly string[]): Verdict {
  const isNamed = words.every((word) => answer.text.includes(word));
  return worst([
    equals(answer.status, status),
    equals([field(answer, 'success'), field(answer, 'code')], [false, status]),
    equals(isNamed ? words : answer.text, words),
  ]);
}
