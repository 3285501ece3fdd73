/** The text of a list, put together from the texts of its items. */
import { apiVersionOf } from '../../../kubernetes/resources.ts';
import type { Resource } from '../kinds/resource.ts';
import type { ListResult } from '../operations/list.ts';
import type { Entry } from '../storage/entry.ts';
import { type Body, lengthOf } from './respond.ts';

const comma = Buffer.from(',');
const opening = Buffer.from('{');
const end = Buffer.from(']}\n');

export function listMetadata(result: ListResult): Record<string, unknown> {
  return {
    resourceVersion: String(result.version),
    ...(result.continue === undefined ? {} : { continue: result.continue }),
    ...(result.remaining ? { remainingItemCount: result.remaining } : {}),
  };
}

/** Lists of custom resources say so when nothing is to be continued. */
function metadataOf(resource: Resource, result: ListResult): Record<string, unknown> {
  return { ...(resource.custom ? { continue: '' } : {}), ...listMetadata(result) };
}

/**
 * Texts of lists, by the very list of entries, which a table keeps until its next write: many clients ask for the same.
 * A list that was asked for once is known, and has no text yet.
 */
const texts = new WeakMap<readonly Entry[], { readonly head: string; readonly text?: Buffer }>();
/** Larger ones are not kept. */
const keptBytesMax = 4 * 1024 * 1024;

/** The whole list as JSON. Items of built-in kinds carry no type (semantics 1.5). */
export function listJson(resource: Resource, result: ListResult): Body {
  const apiVersion = apiVersionOf(resource);
  const metadata = JSON.stringify(metadataOf(resource, result));
  const head = `{"kind":"${resource.listKind}","apiVersion":"${apiVersion}","metadata":${metadata},"items":[`;
  const known = texts.get(result.entries);
  if (known?.head === head && known.text !== undefined) return known.text;
  const parts = partsOf(resource, result, head);
  const isWorthKeeping = known?.head === head && lengthOf(parts) <= keptBytesMax;
  const body = isWorthKeeping ? Buffer.concat(parts) : parts;
  texts.set(result.entries, { head, ...(Buffer.isBuffer(body) ? { text: body } : {}) });
  return body;
}

function partsOf(resource: Resource, result: ListResult, head: string): Buffer[] {
  const parts: Buffer[] = [Buffer.from(head)];
  const typeLength = resource.custom
    ? 0
    : `{"kind":"${resource.kind}","apiVersion":"${apiVersionOf(resource)}",`.length;
  for (const entry of result.entries) {
    if (parts.length > 1) parts.push(comma);
    if (typeLength === 0) parts.push(entry.json);
    else parts.push(opening, entry.json.subarray(typeLength));
  }
  parts.push(end);
  return parts;
}

/** The list as an object, for other forms than JSON text. */
export function listObject(resource: Resource, result: ListResult): object {
  return {
    kind: resource.listKind,
    apiVersion: apiVersionOf(resource),
    metadata: metadataOf(resource, result),
    items: result.entries.map((entry) => itemOf(resource, entry)),
  };
}

function itemOf(resource: Resource, entry: Entry): object {
  if (resource.custom) return entry.object;
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = entry.object;
  return rest;
}

/** Only the metadata, for metadata clients. */
export function partialMetadata(entry: Entry): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: entry.object.metadata };
}

export function partialMetadataList(result: ListResult): object {
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: 'meta.k8s.io/v1',
    metadata: listMetadata(result),
    items: result.entries.map(partialMetadata),
  };
}
