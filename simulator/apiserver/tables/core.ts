/** Small kinds of the core and of coordination: ConfigMap, Secret, ServiceAccount, Namespace, Lease; and events. */
import type { V1ServiceAccount } from '@kubernetes/client-node';
import type { ConfigMap, Event, Lease, Namespace, Secret, Wire } from '../../../kubernetes/objects.ts';
import { coreView } from '../validate/event.ts';
import { ageColumn, column, nameColumn, type Printer, wide } from './columns.ts';
import { sinceText } from './duration.ts';

export const configMapPrinter: Printer<ConfigMap> = {
  columns: [nameColumn, column('Data', 'Number of keys, those of binary data included.'), ageColumn],
  cells: (map, nowMs) => [
    map.metadata?.name ?? '',
    Object.keys(map.data ?? {}).length + Object.keys(map.binaryData ?? {}).length,
    sinceText(map.metadata?.creationTimestamp, nowMs),
  ],
};

export const secretPrinter: Printer<Secret> = {
  columns: [nameColumn, column('Type', 'What the secret is used for.'), column('Data', 'Number of keys.'), ageColumn],
  cells: (secret, nowMs) => [
    secret.metadata?.name ?? '',
    secret.type ?? '',
    Object.keys(secret.data ?? {}).length,
    sinceText(secret.metadata?.creationTimestamp, nowMs),
  ],
};

export const serviceAccountPrinter: Printer<Wire<V1ServiceAccount>> = {
  columns: [nameColumn, ageColumn],
  cells: (account, nowMs) => [account.metadata?.name ?? '', sinceText(account.metadata?.creationTimestamp, nowMs)],
};

export const namespacePrinter: Printer<Namespace> = {
  columns: [nameColumn, column('Status', 'Phase of the namespace.'), ageColumn],
  cells: (namespace, nowMs) => [
    namespace.metadata?.name ?? '',
    namespace.status?.phase ?? '',
    sinceText(namespace.metadata?.creationTimestamp, nowMs),
  ],
};

export const leasePrinter: Printer<Lease> = {
  columns: [nameColumn, column('Holder', 'Who holds the lease.'), ageColumn],
  cells: (lease, nowMs) => [
    lease.metadata?.name ?? '',
    lease.spec?.holderIdentity ?? '',
    sinceText(lease.metadata?.creationTimestamp, nowMs),
  ],
};

/** Events of either API. */
export const eventPrinter: Printer<Event> = {
  columns: [
    column('Last Seen', 'Time since the event was last seen.'),
    column('Type', 'Normal or Warning.'),
    column('Reason', 'Why it happened, in one word.'),
    column('Object', 'What it is about.'),
    wide('Subobject', 'Part of the object that it is about.'),
    wide('Source', 'Who reported it.'),
    column('Message', 'What happened.'),
    wide('First Seen', 'Time since the event was first seen.'),
    wide('Count', 'How often it was seen.'),
    wide('Name', nameColumn.description, 'string', 'name'),
  ],
  cells(given, nowMs) {
    const event = coreView({ ...given });
    const { involvedObject: about, series } = event;
    const first = sinceText(event.firstTimestamp ?? event.eventTime, nowMs);
    const last = event.lastTimestamp ? sinceText(event.lastTimestamp, nowMs) : first;
    const kind = (about?.kind ?? '').toLowerCase();
    return [
      series ? sinceText(series.lastObservedTime, nowMs) : last,
      event.type ?? '',
      event.reason ?? '',
      about?.name ? `${kind}/${about.name}` : kind,
      about?.fieldPath ?? '',
      sourceText(event),
      (event.message ?? '').trim(),
      first,
      series ? (series.count ?? 0) : event.count || 1,
      event.metadata?.name ?? '',
    ];
  },
};

function sourceText(event: Event): string {
  const component = event.source?.component || event.reportingComponent || '';
  const host = event.source?.host || event.reportingInstance || '';
  return host === '' ? component : `${component}, ${host}`;
}
