/**
 * Pruning: fields that a custom resource's schema does not know are dropped. Upstream: apiextensions schema/pruning.
 */
import { ownMember, setMember } from '../../../world/members.ts';
import { decodesPlainly } from './decodes.ts';
import type { Json, JsonObject } from './json.ts';
import { compareText, isObject } from './json.ts';
import type { Schema } from './schema-node.ts';
import { embeddedResource, isTrue, preserveUnknown, propertyMap, subschema } from './schema-node.ts';
import { unknownFields, withoutUnknownFields } from './strict.ts';
import { objectMetaType, structureOfType } from './structure.ts';

export interface Pruned<T extends Json = JsonObject> {
  readonly object: T;
  /** Paths of what was dropped: `metadata.` first, then sorted. */
  readonly unknown: string[];
}

/** The object without unknown fields; apiVersion, kind and metadata are always known. */
export function pruneUnknown(object: JsonObject, schema: Schema): Pruned {
  const unknown: string[] = [];
  const metadata: string[] = [];
  const pruned = pruneObject(object, schema, '', { isRoot: true, unknown, metadata });
  return { object: pruned, unknown: [...metadata.sort(compareText), ...unknown.sort(compareText)] };
}

interface Context {
  readonly isRoot: boolean;
  readonly unknown: string[];
  readonly metadata: string[];
}

function prune(value: Json, schema: Schema, path: string, context: Context): Json {
  const inner = { ...context, isRoot: isTrue(schema, embeddedResource) };
  if (Array.isArray(value)) {
    const items = subschema(schema, 'items') ?? {};
    const open = isTrue(schema, preserveUnknown) && subschema(schema, 'items') === undefined;
    if (open) return value;
    const pruned = value.map((item, index) => prune(item, items, `${path}[${index}]`, inner));
    return pruned.some((item, index) => item !== value[index]) ? pruned : value;
  }
  return isObject(value) ? pruneObject(value, schema, path, inner) : value;
}

/** The very same object when nothing is dropped. */
function pruneObject(object: JsonObject, schema: Schema, path: string, context: Context): JsonObject {
  const properties = propertyMap(schema);
  let isChanged = false;
  const additional = schema.additionalProperties;
  const open = isTrue(schema, preserveUnknown) || additional === true;
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(object)) {
    const below = path === '' ? name : `${path}.${name}`;
    if (context.isRoot && name === 'metadata') setMember(kept, name, prunedMetadata(value, below, context));
    else if (context.isRoot && (name === 'apiVersion' || name === 'kind')) setMember(kept, name, value);
    else {
      const child = properties.get(name) ?? (isObject(additional) ? additional : undefined);
      if (child !== undefined) setMember(kept, name, prune(value, child, below, { ...context, isRoot: false }));
      else if (open) setMember(kept, name, value);
      else context.unknown.push(below);
    }
    if (ownMember(kept, name) !== value) isChanged = true;
  }
  return isChanged ? kept : object;
}

function prunedMetadata(metadata: Json, path: string, context: Context): Json {
  if (!isObject(metadata)) return metadata;
  const structure = structureOfType(objectMetaType);
  if (decodesPlainly(structure, metadata, undefined)) return metadata;
  context.metadata.push(...unknownFields(structure, metadata).map((field) => `${path}.${field}`));
  return withoutUnknownFields(structure, metadata);
}
