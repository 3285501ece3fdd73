/**
 * Structural sharing between the versions of an object: what a write leaves alone stays the very same, frozen part. Everything behind
 * (decoding, defaults, ownership, validation, comparison, freezing) then passes it over by identity.
 */
import { holdsNull, isRecord, setMember } from './json.ts';

export interface Adoption {
  /** Members that are null are left out: what decoding into a Go struct makes of them. */
  readonly dropsNulls: boolean;
}

/**
 * A deep copy of `value` in which every part that equals the part of `old` (frozen by `freezeDeep`) at the same place is that part
 * itself; members that are undefined are left out. Nothing of the copy is shared with `value` unless it is shared with `old`.
 */
export function adopt(value: unknown, old: unknown, adoption: Adoption): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value === old && (!adoption.dropsNulls || !holdsNull(value))) return old;
  return Array.isArray(value) ? adoptList(value, old, adoption) : adoptMembers(value, old, adoption);
}

function adoptList(list: readonly unknown[], old: unknown, adoption: Adoption): unknown {
  const before: readonly unknown[] = Array.isArray(old) ? old : [];
  let isSame = Array.isArray(old) && before.length === list.length;
  const copy = list.map((item, index) => {
    const adopted = item === undefined ? null : adopt(item, before[index], adoption);
    if (adopted !== before[index]) isSame = false;
    return adopted;
  });
  return isSame ? old : copy;
}

function adoptMembers(value: object, old: unknown, adoption: Adoption): unknown {
  const before = isRecord(old) ? old : undefined;
  const copy: Record<string, unknown> = {};
  let count = 0;
  let isSame = before !== undefined;
  for (const [member, inner] of Object.entries(value)) {
    if (inner === undefined || (inner === null && adoption.dropsNulls)) continue;
    const known = before !== undefined && Object.hasOwn(before, member) ? before[member] : undefined;
    const adopted = adopt(inner, known, adoption);
    if (adopted !== known) isSame = false;
    setMember(copy, member, adopted);
    count++;
  }
  return isSame && before !== undefined && Object.keys(before).length === count ? before : copy;
}
