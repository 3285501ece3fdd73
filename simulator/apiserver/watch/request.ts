/** A watch as it was asked for, checked and opened on the table. Source: semantics 1.6. */
import { quote } from '../../../cron/go-text.ts';
import type { Backend } from '../backend.ts';
import { tableOf } from '../backend.ts';
import { ApiError, type FieldError, invalid } from '../errors.ts';
import { staleVersionNow } from '../faults/reads.ts';
import type { FaultSubject } from '../faults/target.ts';
import type { Resource } from '../kinds/resource.ts';
import { objectTest, parseFieldSelector } from '../kinds/selectors.ts';
import { parseLabelSelector } from '../selectors/label-selector.ts';
import { DisturbedSink } from './disturbed.ts';
import { Watch, type WatchSink } from './watch.ts';

export interface WatchParameters {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
  readonly allowWatchBookmarks?: boolean;
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
  /** Who watches, as faults know him. */
  readonly watcher: FaultSubject;
}

const minimumTimeoutMs = 30 * 60_000;

/** Makes the watch; it delivers nothing before its `start`. 4xx and 5xx for what cannot be watched. */
export function openWatch(backend: Backend, parameters: WatchParameters, sink: WatchSink): Watch {
  const { resource, namespace, timeoutSeconds, watcher } = parameters;
  checkInitialEvents(parameters);
  const test = objectTest(
    parseLabelSelector(parameters.labelSelector),
    parseFieldSelector(resource, parameters.fieldSelector),
  );
  const from = startVersion(parameters.resourceVersion);
  const random = backend.world.random.stream('apiserver-watch-timeout');
  const initial = parameters.sendInitialEvents ?? from === 0;
  const initialAt = initial ? staleVersionNow(backend, watcher, isCached(parameters)) : undefined;
  const disturbed = new DisturbedSink(backend, watcher, sink);
  const watch = new Watch(
    {
      table: tableOf(backend, resource),
      ...(namespace === undefined ? {} : { namespace }),
      // Selectors of a view read the stored shape as well.
      test,
      initial,
      ...(initialAt === undefined ? {} : { initialAt }),
      oldest: oldestFor(backend, watcher, from),
      from: parameters.sendInitialEvents === true ? 0 : from,
      current: () => backend.store.version,
      ...(parameters.allowWatchBookmarks ? { bookmarks: backend.watchRounds } : {}),
      markInitialEnd: parameters.sendInitialEvents === true,
      timeoutMs: timeoutSeconds ? timeoutSeconds * 1000 : Math.floor(minimumTimeoutMs * (1 + random.next())),
      lagMs: backend.lagMs,
      deliveries: backend.deliveries,
      onEnd: () => void backend.watches.delete(watch),
      clock: backend.world.clock,
    },
    disturbed,
  );
  disturbed.attach(watch);
  backend.watches.add(watch);
  return watch;
}

/** A watch that names no version begins with the newest state. */
function isCached({ resourceVersion }: WatchParameters): boolean {
  return resourceVersion !== undefined && resourceVersion !== '';
}

function oldestFor(backend: Backend, watcher: FaultSubject, from: number): number {
  if (from > 0 && backend.faults.strike('watch-expired', watcher)) return from + 1;
  return watcher.inProcess ? 0 : backend.watchCache.from;
}

/** Checks a resourceVersion as watches and gets do: 500 for one that is no number. */
export function startVersion(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  throw new ApiError(
    500,
    '',
    `resourceVersion: Invalid value: ${quote(text)}: strconv.ParseUint: parsing ${quote(text)}: invalid syntax`,
  );
}

function checkInitialEvents(parameters: WatchParameters): void {
  const { sendInitialEvents, resourceVersionMatch: match } = parameters;
  const refuse = (errors: readonly FieldError[]) =>
    invalid({ group: 'meta.k8s.io', plural: 'listoptions', kind: 'ListOptions' }, '', errors);
  const forbidden = (why: string): FieldError => ({
    reason: 'FieldValueForbidden',
    field: 'resourceVersionMatch',
    message: `Forbidden: ${why}`,
  });
  const unsupportedMatch = (given: string): FieldError => ({
    reason: 'FieldValueNotSupported',
    field: 'resourceVersionMatch',
    message: `Unsupported value: ${quote(given)}: supported values: "NotOlderThan"`,
  });
  if (sendInitialEvents === undefined) {
    if (match)
      throw refuse([forbidden('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided')]);
  } else if (match !== 'NotOlderThan') {
    const needed = forbidden('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    throw refuse(match ? [needed, unsupportedMatch(match)] : [needed]);
  }
}
