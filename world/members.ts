/**
 * Members by names that somebody else chooses: `constructor` and `__proto__` are labels, keys and operators like any
 * other.
 */

/** The member of that name that the object has itself, not what every object has. */
export function ownMember<T>(object: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A plain assignment to `__proto__` would change the prototype. */
export function setMember<T>(target: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else target[name] = value;
}
