/**
 * Names that do not depend on chance: what each cluster draws by itself (uids, suffixes, minutes) becomes a number in
 * the order of the case.
 */
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import type { Version } from './observation.ts';
import type { Played } from './play.ts';

/** Pods of one Job that come within this of each other come from one sync: which is first is chance. */
const SAME_SYNC_MS = 700;
const SUFFIX = /-?[bcdfghjklmnpqrstvwxz2456789]{5}$/;
const CRON_MINUTE = /\b(tick\w*)-(\d{8})\b/g;

export interface Names {
  /** `job/work`, `pod/work-<1>`; several objects of one name are told apart: `job/work (2)`. */
  labelOf(object: KubernetesObject): string;
  nameOf(uid: string): string;
  /** The text with all drawn names replaced. */
  plain(text: string): string;
}

interface Seen {
  readonly object: KubernetesObject;
  readonly at: number;
  readonly history: string;
  /** When it was seen last: of two with one history the first to end comes first. */
  readonly lastAt: number;
}

/** `historyOf` writes what became of an object without its own name: pods that come at once are numbered by it. */
export function namesOf(
  { versions, startAt, namespace }: Played,
  historyOf: (versions: readonly Version[]) => string,
): Names {
  const texts = new Map<string, string>([[namespace, '<namespace>']]);
  const labels = new Map<string, string>();
  const counts = new Map<string, number>();
  const minute = Math.floor(startAt / 60_000);
  const slots = (text: string) =>
    text.replace(CRON_MINUTE, (_, name: string, digits: string) => `${name}-<minute ${Number(digits) - minute}>`);
  const plain = (text: string) => {
    const longestFirst = [...texts].sort(([one], [other]) => other.length - one.length);
    return slots(longestFirst.reduce((before, [drawn, known]) => before.replaceAll(drawn, known), text));
  };
  for (const { object } of numbered(objectsOf(versions, historyOf))) {
    const { name = '', uid = '', generateName } = object.metadata ?? {};
    const isDrawn = generateName !== undefined && SUFFIX.test(name);
    const base = `${object.kind?.toLowerCase()}/${plain(isDrawn ? name.replace(SUFFIX, '') : name)}`;
    const count = (counts.get(`${base} ${isDrawn}`) ?? 0) + 1;
    counts.set(`${base} ${isDrawn}`, count);
    const label = isDrawn ? `${base}-<${count}>` : count === 1 ? base : `${base} (${count})`;
    labels.set(uid, label);
    texts.set(uid, `<uid of ${label}>`);
    if (isDrawn) texts.set(name, label.slice(label.indexOf('/') + 1));
  }
  return {
    nameOf: (uid) => labels.get(uid) ?? '<unknown>',
    plain,
    labelOf: ({ metadata, kind }) => labels.get(metadata?.uid ?? '') ?? `${kind?.toLowerCase()}/${metadata?.name}`,
  };
}

function objectsOf(versions: readonly Version[], historyOf: (versions: readonly Version[]) => string): Seen[] {
  const byUid = new Map<string, Version[]>();
  for (const version of versions) {
    if (version.object.kind === 'Event') continue;
    const uid = version.object.metadata?.uid ?? '';
    byUid.set(uid, [...(byUid.get(uid) ?? []), version]);
  }
  return [...byUid.values()].flatMap((own) => {
    const [first] = own;
    return first
      ? [{ object: first.object, at: first.at, history: historyOf(own), lastAt: own.at(-1)?.at ?? first.at }]
      : [];
  });
}

/** In order of coming; those that came in one sync: owners first, then by what became of them. */
function numbered(objects: readonly Seen[]): Seen[] {
  const batches: Seen[][] = [];
  for (const each of [...objects].sort((one, other) => one.at - other.at)) {
    const batch = batches.at(-1);
    if (batch?.[0] && each.at - batch[0].at <= SAME_SYNC_MS) batch.push(each);
    else batches.push([each]);
  }
  return batches.flatMap((batch) => batch.sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1)));
}

/** The kinds' names happen to be in the order of ownership: ConfigMap, CronJob, Job, Pod. */
function orderOf({ object, history, lastAt }: Seen): string {
  return `${object.kind} ${history} ${lastAt}`;
}
