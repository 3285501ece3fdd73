/** What a client reads of an answer, and where an answer lacks it. Pure. */
import { isObject } from '../../fabric/http/index.ts';

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  list: Array.isArray,
  any: () => true,
  undefined: (value) => value === undefined,
};

/** Places where the value is not what is read, each with what stands there; empty when all is well. */
export function faultsOf(value: unknown, shape: unknown, place = 'answer'): string[] {
  if (Array.isArray(shape)) return listFaults(value, shape, place);
  if (isObject(shape)) {
    if (!isObject(value)) return [fault(place, 'an object', value)];
    return Object.entries(shape).flatMap(([name, wanted]) =>
      faultsOf(Object.hasOwn(value, name) ? value[name] : undefined, wanted, `${place}.${name}`),
    );
  }
  const kind = typeof shape === 'string' && Object.hasOwn(kinds, shape) ? kinds[shape] : undefined;
  if (kind) return kind(value) ? [] : [fault(place, shape as string, value)];
  return value === shape ? [] : [fault(place, JSON.stringify(shape), value)];
}

/** A list of one shape stands for any number of it, at least one; several are just these, as are plain values. */
function listFaults(value: unknown, shape: readonly unknown[], place: string): string[] {
  if (!Array.isArray(value)) return [fault(place, 'a list', value)];
  const [first] = shape;
  if (shape.length === 1 && (isObject(first) || typeof first === 'string')) {
    if (value.length === 0) return [`${place} is empty`];
    return value.flatMap((each, index) => faultsOf(each, first, `${place}.${index}`));
  }
  if (value.length !== shape.length) return [fault(place, `a list of ${shape.length}`, value)];
  return shape.flatMap((each, index) => faultsOf(value[index], each, `${place}.${index}`));
}

function fault(place: string, wanted: string, value: unknown): string {
  return `${place} must be ${wanted}, not ${JSON.stringify(value)?.slice(0, 200) ?? 'missing'}`;
}
