/** What a run has left in managed content beside its log, by its own folder. */
import { deadlineSignal } from '../../../world/clock.ts';
import { contentPath } from '../content-path.ts';
import type { Gateway } from '../settings.ts';
import type { StoredRecord } from './record.ts';

export interface Artifact {
  readonly key: string;
  readonly bytes: number;
  readonly contentType: string;
}

/** One object as managed content lists it (contract 3.11). */
interface Listed {
  readonly Key: string;
  readonly ContentType: string;
  readonly Size: number;
}

/** A description has its first byte within a second (contract 2.2). */
const deadlineMs = 500;
/** More are found by a list of content. */
const shownMaximum = 1_000;

/** By key; undefined where managed content is not there, or does not answer in time. */
export async function artifactsOf(gateway: Gateway, record: StoredRecord): Promise<Artifact[] | undefined> {
  const { contentUrl, pacingClock, world } = gateway;
  const { artifactsPrefix: prefix, projectId } = record;
  if (contentUrl === undefined || prefix === undefined) return undefined;
  const query = new URLSearchParams({ filter: prefix, limit: `${shownMaximum + 1}` });
  const deadline = deadlineSignal(pacingClock, deadlineMs, 'a list of managed content');
  try {
    const url = `${contentUrl}${contentPath(projectId)}?${query}`;
    const answer = await world.network.fetch(url, { signal: deadline.signal });
    if (!answer.ok) throw new Error(`managed content answered ${answer.status}: ${await answer.text()}`);
    const listed = (await answer.json()) as Listed[];
    return listed
      .filter(({ Key }) => Key !== `${prefix}log.txt`)
      .map(artifactFrom)
      .slice(0, shownMaximum);
  } catch (error) {
    world.log.warn('artifacts cannot be listed', { task: record.name, error: String(error) });
    return undefined;
  } finally {
    deadline.clear();
  }
}

function artifactFrom({ Key, Size, ContentType }: Listed): Artifact {
  return { key: Key, bytes: Size, contentType: ContentType };
}
