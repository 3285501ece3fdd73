/**
 * Where the real cluster itself is not deterministic, and what is left of it for the comparison. Each rule says where
 * and why; there is no other place in which something is left out.
 */
import type { Moment, Timeline } from './moment.ts';

interface Rule {
  readonly where: string;
  readonly why: string;
  settle(line: string, moments: readonly Moment[], timeline: Timeline): readonly Moment[];
}

/** Events that one sync sends from several goroutines come within this. */
const BURST_MS = 700;
/** What is ready for less may be seen or not. */
const SEEN_MS = 6_000;
const READY = ', its ready pods';

export const rules: readonly Rule[] = [
  {
    where: 'events of one object within a burst',
    why: 'Pods of one sync are created and deleted side by side: their events come in any order.',
    settle: (line, moments) => (line.startsWith('events of ') ? burstsInOrder(moments) : moments),
  },
  {
    where: 'how often a CronJob tells of a finished Job, of one that it did not make, or of one that cannot be made',
    why: 'A sync that begins before the cache shows what the last one wrote does it again; a Job that is not its own is told of by each sync, and changes that come together make one; and how many tries a back-off of milliseconds leaves room for depends on the machine.',
    settle: (line, moments) => (line.endsWith(' by cronjob-controller') ? moments.map(withoutCount) : moments),
  },
  {
    where: 'whether a CronJob misses a Job of which it says that it has completed, or that it has deleted it',
    why: 'A sync that begins before the cache shows the last one’s status has the Job still active there, while its history allows none and it is gone.',
    settle: (line, moments) => (line.endsWith(' by cronjob-controller') ? withKnownEndsMarked(moments) : moments),
  },
  {
    where: 'how the number of ready pods rises and falls',
    why: 'Pods become ready one by one, and which of them a sync sees together is chance: the turning points are left.',
    settle: (line, moments) => (line.endsWith(READY) ? turningPoints(moments) : moments),
  },
  {
    where: 'pods that are ready for a short time',
    why: 'A sync comes a second after a pod became ready, later on a busy machine: it may see it when it has ended. One cluster may tell of it alone.',
    settle: (line, moments) => (line.endsWith(READY) ? withShortPeaksMarked(moments) : moments),
  },
  {
    where: 'the last finalizer of a pod that is being deleted',
    why: 'Where the node has asked for the deletion already, the pod is gone with its last finalizer, and nobody sees it without.',
    settle: (line, moments, timeline) =>
      timeline[`${line}, its deletion`] && isPod(line) ? untilLetGo(moments) : moments,
  },
];

export function settled(timeline: Timeline): Timeline {
  const settle = (line: string, moments: readonly Moment[]) =>
    rules.reduce((before, rule) => rule.settle(line, before, timeline), moments);
  return Object.fromEntries(Object.entries(timeline).map(([line, moments]) => [line, settle(line, moments)]));
}

/** Neighbours of one reason that came in one burst, in the order of their texts. */
function burstsInOrder(moments: readonly Moment[]): Moment[] {
  const bursts: Moment[][] = [];
  for (const moment of moments) {
    const burst = bursts.at(-1);
    const first = burst?.[0];
    if (burst && first && reasonOf(first) === reasonOf(moment) && moment.atMs - first.atMs <= BURST_MS) {
      burst.push(moment);
    } else bursts.push([moment]);
  }
  return bursts.flatMap((burst) => burst.sort((one, other) => (one.text < other.text ? -1 : 1)));
}

function reasonOf({ text }: Moment): string {
  return text.split(' ')[1] ?? '';
}

function withoutCount(moment: Moment): Moment {
  return { ...moment, text: moment.text.replace(/^(\w+ (?:SawCompletedJob|UnexpectedJob|FailedCreate)) ×\d+/, '$1') };
}

function withKnownEndsMarked(moments: readonly Moment[]): Moment[] {
  const ended = new Set(moments.map(({ text }) => endedIn(text)));
  return moments.map((moment) => {
    const missing = /Active job went missing: (.+)$/.exec(moment.text)?.[1];
    return missing !== undefined && ended.has(missing) ? { ...moment, isChance: true } : moment;
  });
}

/** The Job of whose end a CronJob tells there. */
function endedIn(text: string): string | undefined {
  return /Saw completed job: (.+), condition: /.exec(text)?.[1] ?? /Deleted job (.+)$/.exec(text)?.[1];
}

/** Of numbers that rise or fall in steps, the first, the last, and those where the direction turns. */
function turningPoints(moments: readonly Moment[]): Moment[] {
  return moments.filter(({ text }, position) => {
    const [before, after] = [Number(moments[position - 1]?.text), Number(moments[position + 1]?.text)];
    const isStep = (before < Number(text) && Number(text) < after) || (before > Number(text) && Number(text) > after);
    return !isStep;
  });
}

function withShortPeaksMarked(moments: readonly Moment[]): Moment[] {
  const isShort = (position: number) => {
    const [moment, next] = [moments[position], moments[position + 1]];
    return moment && next && Number(moment.text) > 0 && next.atMs - moment.atMs < SEEN_MS;
  };
  return moments.map((moment, position) =>
    isShort(position) || isShort(position - 1) ? { ...moment, isChance: true } : moment,
  );
}

function isPod(line: string): boolean {
  return /^pod\/[^,]*$/.test(line);
}

function untilLetGo(moments: readonly Moment[]): readonly Moment[] {
  return moments.at(-1)?.text === 'kept by nothing' ? moments.slice(0, -1) : moments;
}
