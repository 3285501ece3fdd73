/**
 * Structural sharing between the versions of an object: what a write leaves alone stays the very same, frozen part.
 * Everything behind (decoding, defaults, ownership, validation, comparison, freezing) then passes it over by identity.
 */
import { holdsNull, isRecord, setMember } from '../json.ts';

export interface Sharing {
  /** Members that are null are left out: what decoding into a Go struct makes of them. */
  readonly dropsNulls: boolean;
}

/**
 * A deep copy of `value` in which every part that equals the part of `old` (frozen by `freezeDeep`) at the same place
 * is that part itself; members that are undefined are left out. Nothing of the copy is shared with `value` unless it is
 * shared with `old`.
 */
export function shareUnchanged(value: unknown, old: unknown, sharing: Sharing): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value === old && (!sharing.dropsNulls || !holdsNull(value))) return old;
  return Array.isArray(value) ? shareList(value, old, sharing) : shareMembers(value, old, sharing);
}

function shareList(list: readonly unknown[], old: unknown, sharing: Sharing): unknown {
  const before: readonly unknown[] = Array.isArray(old) ? old : [];
  let isSame = Array.isArray(old) && before.length === list.length;
  const copy = list.map((item, index) => {
    const shared = item === undefined ? null : shareUnchanged(item, before[index], sharing);
    if (shared !== before[index]) isSame = false;
    return shared;
  });
  return isSame ? old : copy;
}

function shareMembers(value: object, old: unknown, sharing: Sharing): unknown {
  const before = isRecord(old) ? old : undefined;
  const copy: Record<string, unknown> = {};
  let count = 0;
  let isSame = before !== undefined;
  for (const [member, inner] of Object.entries(value)) {
    if (inner === undefined || (inner === null && sharing.dropsNulls)) continue;
    const known = before !== undefined && Object.hasOwn(before, member) ? before[member] : undefined;
    const shared = shareUnchanged(inner, known, sharing);
    if (shared !== known) isSame = false;
    setMember(copy, member, shared);
    count++;
  }
  return isSame && before !== undefined && Object.keys(before).length === count ? before : copy;
}
