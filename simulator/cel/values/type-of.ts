/** The type of a value, as far as the value alone tells it: of a list's items nothing. */
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  optionalOf,
  STRING,
  TIMESTAMP,
  type Type,
  typeOf,
  UINT,
} from '../check/types.ts';
import { CelMap, Duration, Opaque, Optional, Structure, Timestamp, TypeValue, Uint, type Value } from './value.ts';

const anyList = listOf(DYN);
const anyMap = mapOf(DYN, DYN);
const anyOptional = optionalOf(DYN);

export function typeOfValue(value: Value): Type {
  switch (typeof value) {
    case 'boolean':
      return BOOL;
    case 'bigint':
      return INT;
    case 'number':
      return DOUBLE;
    case 'string':
      return STRING;
  }
  if (value === null) return NULL;
  if (value instanceof Uint) return UINT;
  if (value instanceof Uint8Array) return BYTES;
  if (value instanceof Timestamp) return TIMESTAMP;
  if (value instanceof Duration) return DURATION;
  if (value instanceof Optional) return anyOptional;
  if (value instanceof TypeValue) return typeOf(value.type);
  if (value instanceof Opaque || value instanceof Structure) return value.type;
  if (value instanceof CelMap) return anyMap;
  return anyList;
}
