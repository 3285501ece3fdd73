/** The faults that the judges must find. Each is what a hurried change could do to Fabric. */
import type { Mutation } from './mutation.ts';

export const mutations: readonly Mutation[] = [
  {
    name: 'end-not-reported',
    description: 'the report of the end state is skipped',
    file: 'fabric/operator/reconcile/report.ts',
    find: 'if (!reports || !facts || !isPersisted(job)) return;',
    replace: 'if (!reports || !facts || !isPersisted(job) || isTerminal(facts.state)) return;',
    caughtBy: ['tasks-once', 'tasks-scheduled'],
  },
  {
    name: 'forbid-becomes-allow',
    description: 'Forbid is mapped to Allow',
    file: 'fabric/task/to-cronjob.ts',
    find: "concurrencyPolicy: spec.concurrencyPolicy ?? 'Allow'",
    replace: "concurrencyPolicy: spec.concurrencyPolicy === 'Replace' ? 'Replace' : 'Allow'",
    caughtBy: ['overlap-forbid'],
  },
  {
    name: 'new-again-after-restart',
    description: 'a run that an earlier operator knew is reported as a new one',
    file: 'fabric/operator/reconcile/report.ts',
    find: 'const record = recordOf(job, facts, world.clock.now(), logs);',
    replace:
      'const own = recordOf(job, facts, world.clock.now(), logs); const record = memory.fresh ? own : { ...own, uid: own.uid + "-again" };',
    caughtBy: ['crash-operator-restart'],
  },
  {
    name: 'log-forgotten',
    description: 'no log is ever shipped',
    file: 'fabric/operator/reconcile/follow.ts',
    find: 'if (!context.shipper || !isPersisted(job)) return;',
    replace: 'return;',
    caughtBy: ['tasks-once'],
  },
  {
    name: 'let-go-too-early',
    description: 'a Job is let go before its log is safe',
    file: 'fabric/operator/reconcile/release.ts',
    find: 'if (!(await isLogSettled(context, job, memory))) {',
    replace: 'if (now < 0) {',
    caughtBy: ['outage-content'],
  },
  {
    name: 'last-line-lost',
    description: 'the last line of what is read is dropped',
    file: 'fabric/operator/ship/reading.ts',
    find: 'this.#receive(event.result.value);',
    replace:
      'const whole = event.result.value; this.#receive(whole.subarray(0, whole.lastIndexOf(10, whole.length - 2) + 1));',
    caughtBy: ['tasks-once'],
  },
];
