/**
 * The load generator, a process of its own: its parent tells it what to do by messages, one after another, and it
 * answers each. The same code for both servers.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type FanOut, fanOut, type Watches } from './fan-out.ts';
import { type FirstLists, fill, firstLists, fullMeasures, openFullWatches } from './full.ts';
import { measures } from './measures.ts';
import { prepare } from './prepare.ts';
import { type Rate, rateOf } from './rate.ts';
import type { Target } from './target.ts';

/** What can be asked for, by name: the facts that it takes, and what it answers. */
interface Orders {
  prepare: { takes: object; answers: undefined };
  rate: { takes: { measure: string; seconds: number }; answers: Rate };
  'fan out': { takes: { watches: number; writes: number }; answers: FanOut };
  fill: { takes: { objects: number }; answers: number };
  'open watches': { takes: { watches: number }; answers: undefined };
  'first lists': { takes: object; answers: FirstLists };
  'full rate': { takes: { measure: string; seconds: number; objects: number }; answers: Rate };
}

type Name = keyof Orders;
type Answer = { readonly value: unknown } | { readonly error: string };

export interface Load {
  ask<N extends Name>(name: N, target: Target, facts: Orders[N]['takes']): Promise<Orders[N]['answers']>;
  stop(): void;
}

/** Starts it. A message that it cannot do rejects the call. */
export function startLoad(): Load {
  const child = fork(fileURLToPath(import.meta.url), [], { serialization: 'advanced' });
  const ask = (name: Name, target: Target, facts: object) =>
    new Promise<unknown>((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`the load generator ended with code ${code}`));
      child.once('exit', onExit);
      child.once('message', (answer: Answer) => {
        child.off('exit', onExit);
        if ('error' in answer) reject(new Error(answer.error));
        else resolve(answer.value);
      });
      child.send({ name, target, facts });
    });
  return { ask: ask as Load['ask'], stop: () => void child.kill() };
}

type Doing = { [N in Name]: (target: Target, facts: Orders[N]['takes']) => Promise<Orders[N]['answers']> };

function doing(): Doing {
  /** By server and kind of measure. */
  const left = new Map<string, string[]>();
  const open: Watches[] = [];
  const leftOf = (target: Target) => {
    const names = left.get(target.url) ?? [];
    left.set(target.url, names);
    return names;
  };
  return {
    prepare: async (target) => void (await prepare(target)),
    rate: async (target, { measure: name, seconds }) => {
      const measure = measures.find((each) => each.name === name);
      if (!measure) throw new Error(`no measure ${name}`);
      const names = 'names' in measure ? leftOf(target) : [];
      return rateOf(measure, target, seconds, names);
    },
    'fan out': (target, { watches, writes }) => fanOut(target, watches, writes),
    fill: (target, { objects }) => fill(target, objects),
    'open watches': async (target, { watches }) => void open.push(await openFullWatches(target, watches)),
    'first lists': (target) => firstLists(target),
    'full rate': async (target, { measure: name, seconds, objects }) => {
      const measure = fullMeasures(objects).find((each) => each.name === name);
      if (!measure) throw new Error(`no measure ${name}`);
      return rateOf(measure, target, seconds, []);
    },
  };
}

if (process.send) {
  const all = doing();
  process.on('message', async ({ name, target, facts }: { name: Name; target: Target; facts: never }) => {
    try {
      process.send?.({ value: await all[name](target, facts) });
    } catch (error) {
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit(0));
}
