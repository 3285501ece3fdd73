/** Events live for an hour after they were last written. Source: semantics 1.18. */
import type { Backend } from '../backend.ts';
import { coreEventResource } from '../kinds/groups/events.ts';
import type { Entry } from '../storage/entry.ts';

const lifeMs = 60 * 60_000;
/** Those that expire within this time of each other go together. */
const togetherMs = 60_000;

/** Removes events whose hour is over, from now on; the result ends it. */
export function expireEvents(backend: Backend): () => void {
  const { clock } = backend.world;
  const table = backend.store.table(coreEventResource.table);
  const written: { readonly entry: Entry; readonly time: number }[] = [];
  let isPlanned = false;

  const plan = () => {
    const [first] = written;
    if (isPlanned || !first) return;
    isPlanned = true;
    clock.after(first.time + lifeMs + togetherMs - clock.now(), () => {
      isPlanned = false;
      removeExpired();
      plan();
    });
  };
  const removeExpired = () => {
    const limit = clock.now() - lifeMs;
    let count = 0;
    for (const { entry, time } of written) {
      if (time > limit) break;
      count++;
      const { namespace, name, version } = entry;
      // A later write has begun another hour.
      if (table.get(namespace, name)?.version === version) table.remove(namespace, name);
    }
    written.splice(0, count);
  };
  const note = (entry: Entry, time: number) => {
    written.push({ entry, time });
    plan();
  };

  for (const entry of table.list()) note(entry, clock.now());
  const unsubscribe = table.subscribe(({ after, time }) => {
    if (after) note(after, time);
  });
  return () => {
    unsubscribe();
    written.length = 0;
  };
}
