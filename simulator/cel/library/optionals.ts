/**
 * Optional values. `or` and `orValue` are evaluated where they stand, since they may leave their argument out. Source:
 * cel-go cel/library.go.
 */
import { fn, method, type Overload } from '../check/declarations.ts';
import { EvaluationError } from '../errors.ts';
import { CelMap, Duration, isList, type List, Optional, Uint, type Value } from '../values/value.ts';

const undone = (): Value => null;

function contentOf(optional: Value | undefined): Value {
  const { value } = optional as Optional;
  if (value === undefined) throw new EvaluationError('optional.none() dereference');
  return value;
}

function isZero(value: Value): boolean {
  if (value === null || value === false || value === 0n || value === 0 || value === '') return true;
  if (isList(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof CelMap) return value.size === 0;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Duration) return value.nanoseconds === 0n;
  return value instanceof Optional && value.value === undefined;
}

function optional(value: Value | undefined): Optional {
  return value === undefined ? Optional.none : new Optional(value);
}

function unwrapped(list: List): Value {
  return list.flatMap((item) => (item instanceof Optional && item.value !== undefined ? [item.value] : []));
}

export const optionals: readonly Overload[] = [
  fn('optional.of', 'V -> optional<V>', ([value]) => optional(value)),
  fn('optional.ofNonZeroValue', 'V -> optional<V>', ([value = null]) => optional(isZero(value) ? undefined : value)),
  fn('optional.none', ' -> optional<V>', () => Optional.none),
  method('value', 'optional<V> -> V', ([value]) => contentOf(value)),
  method('hasValue', 'optional<V> -> bool', ([value]) => (value as Optional).value !== undefined),
  method('or', 'optional<V>, optional<V> -> optional<V>', undone),
  method('orValue', 'optional<V>, V -> V', undone),
  fn('_[?_]', 'list<V>, int -> optional<V>', undone),
  fn('_[?_]', 'optional<list<V>>, int -> optional<V>', undone),
  fn('_[?_]', 'map<K, V>, K -> optional<V>', undone),
  fn('_[?_]', 'optional<map<K, V>>, K -> optional<V>', undone),
  fn('_[_]', 'optional<list<V>>, int -> optional<V>', undone),
  fn('_[_]', 'optional<map<K, V>>, K -> optional<V>', undone),
  method('first', 'list<V> -> optional<V>', ([list]) => optional((list as List)[0])),
  method('last', 'list<V> -> optional<V>', ([list]) => optional((list as List).at(-1))),
  fn('optional.unwrap', 'list<optional<V>> -> list<V>', ([list]) => unwrapped(list as List)),
  method('unwrapOpt', 'list<optional<V>> -> list<V>', ([list]) => unwrapped(list as List)),
];
