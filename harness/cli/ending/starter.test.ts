import { describe, expect, test } from 'vitest';
import { brokenLink, type Link, type Lookup, linksToStarter, type ProcessFacts } from './starter.ts';

const npx = ['npm exec orrery up'];
const shell = ['sh', '-c', 'orrery up'];
const starter = ['/usr/bin/python3', 'tests.py'];

/** Processes by pid; `orrery` is 100. */
const machine =
  (processes: Record<number, ProcessFacts>): Lookup =>
  (pid) =>
    processes[pid];

const self: Link = { pid: 100, parent: 99 };
const orrery = { parent: 99, command: ['node', 'main.ts', 'up'] };

describe('who started it', () => {
  test.each<[string, Record<number, ProcessFacts>, number[]]>([
    ['a program', { 99: { parent: 50, command: starter } }, [100]],
    [
      'a program, by npx and its shell',
      { 99: { parent: 98, command: shell }, 98: { parent: 50, command: npx }, 50: { parent: 1, command: starter } },
      [100, 99, 98],
    ],
    [
      'a program, by npm’s program in node',
      {
        99: { parent: 50, command: ['/opt/node', '/usr/lib/npm/bin/npx-cli.js', 'orrery'] },
        50: { parent: 1, command: starter },
      },
      [100, 99],
    ],
    ['a shell at a terminal', { 99: { parent: 50, command: ['-bash'] } }, [100]],
    ['a script', { 99: { parent: 50, command: ['bash', 'test.sh'] } }, [100]],
    ['a process that has ended already', {}, [100]],
  ])('is %s', (_what, processes, pids) => {
    expect(linksToStarter(self, machine(processes)).map(({ pid }) => pid)).toEqual(pids);
  });

  test('a chain of wrappers that leads back to itself has an end', () => {
    const circle = machine({ 99: { parent: 98, command: shell }, 98: { parent: 99, command: shell } });
    expect(linksToStarter(self, circle).length).toBeLessThan(20);
  });
});

describe('has ended when a parent of the chain is another one', () => {
  const before = { 100: orrery, 99: { parent: 98, command: shell }, 98: { parent: 50, command: npx } };
  const links = linksToStarter(self, machine(before));

  test('not while all hold', () => expect(brokenLink(links, machine(before))).toBeUndefined());

  test.each<[string, Record<number, ProcessFacts>]>([
    ['its own', { ...before, 100: { ...orrery, parent: 1 } }],
    ['its own, now a reaper', { ...before, 100: { ...orrery, parent: 7 } }],
    ['the shell’s, which goes on', { ...before, 99: { parent: 1, command: shell } }],
    ['npx’s, which goes on', { ...before, 98: { parent: 1, command: npx } }],
    ['the shell is gone', { 100: orrery, 98: before[98] }],
  ])('%s', (_what, now) => expect(brokenLink(links, machine(now))).toBeDefined());

  test('never because a parent is 1 from the start', () => {
    const orphan: Link = { pid: 100, parent: 1 };
    const alone = machine({ 100: { ...orrery, parent: 1 }, 1: { parent: 0, command: ['init'] } });
    expect(brokenLink(linksToStarter(orphan, alone), alone)).toBeUndefined();
  });
});
