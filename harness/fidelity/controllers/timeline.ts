/**
 * A played case as something that can be compared: the history of each object, and the events about each in their
 * order.
 */
import type { Event } from '../../../kubernetes/objects.ts';
import type { Moment, Timeline } from './moment.ts';
import { type Names, namesOf } from './names.ts';
import { settled } from './nondeterminism.ts';
import type { Version } from './observation.ts';
import type { Played } from './play.ts';
import { statesOf } from './states.ts';

export function tell(played: Played): Timeline {
  const names = namesOf(played, (versions) => JSON.stringify(textsOf(versions)));
  const timeline = new Map<string, Moment[]>();
  const note = (line: string, moment: Moment) => timeline.set(line, [...(timeline.get(line) ?? []), moment]);
  const firsts = new Set<string>();
  const { startAt } = played;
  const since = (instant: number) => instant - Math.floor(startAt / 1000) * 1000;
  for (const version of played.versions) {
    if (version.object.kind === 'Event') continue;
    const { uid = '' } = version.object.metadata ?? {};
    const label = names.labelOf(version.object);
    for (const { side, text, times } of statesOf(version, !firsts.has(uid), names.nameOf)) {
      const line = `${label}${side}`;
      const plain = names.plain(text);
      if (timeline.get(line)?.at(-1)?.text === plain) continue;
      const relative = Object.entries(times).map(([name, instant]) => [name, since(instant)] as const);
      note(line, { atMs: version.at - startAt, text: plain, times: Object.fromEntries(relative) });
    }
    firsts.add(uid);
  }
  for (const { line, ...moment } of eventsOf(played, names)) note(line, moment);
  for (const text of played.refusals) note('refusals', { atMs: 0, text: names.plain(text), times: {} });
  return settled(Object.fromEntries(timeline));
}

function textsOf(versions: readonly Version[]): string[] {
  const { name = '', uid = '' } = versions[0]?.object.metadata ?? {};
  const states = versions.flatMap((version, position) => statesOf(version, position === 0, () => '<pod>'));
  const texts = states.map(({ side, text }) => `${side}: ${text}`).sort();
  return texts.map((text) => text.replaceAll(name, '<name>').replaceAll(uid, '<uid>'));
}

function eventsOf({ versions, startAt }: Played, names: Names): (Moment & { line: string })[] {
  const firsts = new Map<string, Version>();
  const lasts = new Map<string, Event>();
  for (const version of versions) {
    if (version.object.kind !== 'Event' || version.type === 'DELETED' || isOfNode(version.object as Event)) continue;
    const { uid = '' } = version.object.metadata ?? {};
    if (!firsts.has(uid)) firsts.set(uid, version);
    lasts.set(uid, version.object as Event);
  }
  return [...firsts].map(([uid, { at }]) => {
    const { involvedObject, source, reportingComponent, type, reason, message, count = 1 } = lasts.get(uid) as Event;
    const about = names.labelOf({ kind: involvedObject.kind ?? '', metadata: involvedObject });
    return {
      line: `events of ${about} by ${source?.component ?? reportingComponent}`,
      atMs: at - startAt,
      text: names.plain(`${type} ${reason} ×${count}: ${message}`),
      times: {},
    };
  });
}

/** The node is ours on both sides: what it says is not in question. */
function isOfNode({ source }: Event): boolean {
  return source?.component === 'kubelet';
}
