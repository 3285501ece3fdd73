/**
 * Strict decoding of built-in kinds: fields that the kind lacks and values of the wrong JSON type, in the words of the
 * real server's decoder.
 */
import { setMember } from '../../../world/members.ts';
import { decodeProblem } from './decode-error.ts';
import type { Json, JsonObject } from './json.ts';
import { isObject } from './json.ts';
import type { Structure } from './structure.ts';

function walk(structure: Structure, value: Json, path: string, found: string[]): Json {
  if (Array.isArray(value)) {
    const { items } = structure;
    return items === undefined ? value : value.map((item, index) => walk(items, item, `${path}[${index}]`, found));
  }
  if (!isObject(value) || structure.type === 'any') return value;
  const kept: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const below = path === '' ? name : `${path}.${name}`;
    const child = structure.fields?.get(name) ?? structure.values;
    if (child !== undefined) setMember(kept, name, walk(child, item, below, found));
    else if (structure.type !== 'object' || structure.open === true) setMember(kept, name, item);
    else found.push(below);
  }
  return kept;
}

/** Paths of undeclared fields in the body's order: `spec.template.spec.containers[0].foo`. */
export function unknownFields(structure: Structure, body: Json): string[] {
  const found: string[] = [];
  walk(structure, body, '', found);
  return found;
}

/** The body without undeclared fields; the given one is not touched. */
export function withoutUnknownFields<T extends Json>(structure: Structure, body: T): T {
  return walk(structure, body, '', []) as T;
}

/**
 * What the decoder says to wrong JSON types; the first is what the server answers (behind `Job in version "v1" cannot
 * be handled as a Job: `). Empty when the body decodes.
 */
export function typeErrors(structure: Structure, body: Json): string[] {
  const problems = decodeProblem(structure, body);
  // Values with a decoder of their own end the decoding; plain mismatches are noted and the rest is still read.
  return [...problems.filter(({ isFatal }) => isFatal), ...problems.filter(({ isFatal }) => !isFatal)].map(
    ({ text }) => text,
  );
}
