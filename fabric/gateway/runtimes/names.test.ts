/** Names of what skills run: legal, the same for the same call, and never somebody else's. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { taskIssues } from '../../task/index.ts';
import { isRunName } from '../../task/names.ts';
import { exampleTask, projects } from '../../task/testing.ts';
import { actionLabels, callTaskName, daemonName, skillSelector } from './names.ts';

/** As the gateway takes them: letters, digits, ".", "_", "-" and one slash. */
const names = fc.stringMatching(
  /^[A-Za-z0-9]([A-Za-z0-9._-]{0,60}[A-Za-z0-9])?(\/[A-Za-z0-9]([A-Za-z0-9._-]{0,60}[A-Za-z0-9])?)?$/,
);

test('the task of a call is <project>-<skill>-<action>-<6 characters>', () => {
  expect(callTaskName('proj1', 'weather/Fore_cast', 'train', 'a call')).toMatch(
    /^proj1-weather-fore-cast-train-[a-z0-9]{6}$/,
  );
});

test('any call’s task has a legal name of at most 55 characters, which is never a run’s, and always the same', () => {
  fc.assert(
    fc.property(projects, names, names, fc.string(), (project, skill, action, id) => {
      const name = callTaskName(project, skill, action, id);
      expect(name.length).toBeLessThanOrEqual(55);
      expect(taskIssues(exampleTask({}, name))).toEqual([]);
      expect(isRunName(name)).toBe(false);
      expect(callTaskName(project, skill, action, id)).toBe(name);
    }),
  );
});

test('calls are told apart', () => {
  const all = Array.from({ length: 1_000 }, (_, index) => callTaskName('p', 's', 'a', `call ${index}`));
  expect(new Set(all).size).toBe(1_000);
});

test('a daemon is called <project>-<skill>-<action> where that is a name', () => {
  expect(daemonName('proj1', 'echo', 'serve')).toBe('proj1-echo-serve');
});

test('any daemon’s name is a DNS label that begins with a letter, as Services need', () => {
  fc.assert(
    fc.property(projects, names, names, (project, skill, action) => {
      expect(daemonName(project, skill, action)).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
    }),
  );
});

test('daemons whose names would become one keep two', () => {
  const near = [
    ['p', 'a/b', 'c'],
    ['p', 'a-b', 'c'],
    ['p', 'a_b', 'c'],
    ['p', 'A-b', 'c'],
    ['p', 'a', 'b/c'],
    ['p', 'x'.repeat(80), 'c'],
    ['p', `${'x'.repeat(79)}y`, 'c'],
    ['7', 'a', 'b'],
  ] as const;
  expect(new Set(near.map(([project, skill, action]) => daemonName(project, skill, action))).size).toBe(near.length);
});

test('labels of any skill and action are legal values, and the selector of the skill finds its actions alone', () => {
  fc.assert(
    fc.property(projects, names, names, names, (projectId, name, other, action) => {
      fc.pre(name !== other);
      const labels: Readonly<Record<string, string>> = actionLabels({ projectId, name }, { name: action });
      for (const value of Object.values(labels))
        expect(value).toMatch(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/);
      const selects = (selector: string) =>
        selector.split(',').every((pair) => labels[pair.split('=')[0] ?? ''] === pair.split('=')[1]);
      expect(selects(skillSelector({ projectId, name }))).toBe(true);
      expect(selects(skillSelector({ projectId, name: other }))).toBe(false);
    }),
  );
});
