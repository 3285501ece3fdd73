/** Objects and lists in the shape that the client asked for: as they are, as a Table, or their metadata alone. */

import { quote } from '../../../cron/go-text.ts';
import { badRequest } from '../errors.ts';
import type { ListResult } from '../operations/list.ts';
import type { Entry } from '../storage/entry.ts';
import { type PrinterColumn, type Table, toTable } from '../tables/index.ts';
import { listJson, listMetadata, listObject, partialMetadata, partialMetadataList } from './list-body.ts';
import type { ResourceCall } from './resource-call.ts';
import { sendObject } from './respond.ts';

/** One object, as a get answers it. */
export function sendEntry(call: ResourceCall, status: number, entry: Entry): void {
  const { exchange, answer } = call;
  if (answer.shape === 'Table') sendObject(exchange, status, tableOf(call, [entry], metadataOf(entry)));
  else if (answer.shape === 'PartialObjectMetadata') sendObject(exchange, status, partialMetadata(entry));
  else sendObject(exchange, status, entry.object, entry.json);
}

export function sendList(call: ResourceCall, result: ListResult): void {
  const { exchange, answer, resource } = call;
  if (answer.shape === 'Table') sendObject(exchange, 200, tableOf(call, result.entries, listMetadata(result)));
  else if (answer.shape === 'PartialObjectMetadata') sendObject(exchange, 200, partialMetadataList(result));
  else if (exchange.media === 'json' && !exchange.pretty) sendObject(exchange, 200, result, listJson(resource, result));
  else sendObject(exchange, 200, listObject(resource, result));
}

/** The text of an object in a watch event; tables name their columns in the first one only. */
export function eventText(call: ResourceCall): (entry: Entry, first: boolean) => Buffer {
  const { shape } = call.answer;
  if (shape === 'Table') return (entry, first) => text(tableOf(call, [entry], metadataOf(entry), first));
  if (shape === 'PartialObjectMetadata') return (entry) => text(partialMetadata(entry));
  return (entry) => entry.json;
}

function text(object: object): Buffer {
  return Buffer.from(JSON.stringify(object));
}

function metadataOf(entry: Entry): Table['metadata'] {
  return { resourceVersion: String(entry.version) };
}

function tableOf(
  call: ResourceCall,
  entries: readonly Entry[],
  metadata: Table['metadata'],
  withColumns = true,
): Table {
  const { resource, backend } = call;
  const { view, custom } = resource;
  // The columns of events are those of the stored shape.
  const stored = (entry: Entry) => (view && !custom ? view.toStored(entry.object) : entry.object);
  return toTable({
    type: resource,
    objects: entries.map(stored),
    now: backend.world.clock.now(),
    ...(custom ? { printerColumns: custom.printerColumns as unknown as readonly PrinterColumn[] } : {}),
    includeObject: includeOf(call.query.get('includeObject')),
    metadata,
    withColumns,
    prose: backend.prose,
  });
}

function includeOf(asked: string | null): 'Object' | 'Metadata' | 'None' {
  if (asked === null || asked === '') return 'Metadata';
  if (asked === 'Object' || asked === 'Metadata' || asked === 'None') return asked;
  throw badRequest(`unrecognized includeObject value: ${quote(asked)}`);
}
