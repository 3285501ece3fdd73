/**
 * Documents as MongoDB can hold them. Names with dots or a leading dollar (`nvidia.com/gpu`) cannot stand as fields
 * everywhere, so they are written with percent signs, and read back as they were. Ordinary names stay as they are.
 */

/** The document with each name, at any depth, as a field name. Only JSON survives, as in the other stores. */
export function toStored(value: unknown): unknown {
  return renamed(JSON.parse(JSON.stringify(value)), fieldName);
}

/** Turns `toStored` around. */
export function fromStored(value: unknown): unknown {
  return renamed(value, originalName);
}

/** One name, not a path. */
export function fieldName(name: string): string {
  return name.replace(/[%.\0]|^\$/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function originalName(name: string): string {
  return name.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [rename(name), renamed(member, rename)]));
}
