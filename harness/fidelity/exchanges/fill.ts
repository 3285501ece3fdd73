/** Variables in the data of exchanges, and the small operations on JSON that steps need. */
import { isRecord, type Json, type JsonRecord } from './exchange.ts';

const WHOLE = /^\{([a-z][\w-]*)\}$/i;
const PART = /\{([a-z][\w-]*)\}/gi;

/** Replaces `{name}` by the variable; a text that is nothing else becomes its value. Unknown names stay as they are. */
export function fill(value: Json, variables: JsonRecord): Json {
  if (typeof value === 'string') return fillText(value, variables);
  if (Array.isArray(value)) return value.map((each: Json) => fill(each, variables));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([member, each]) => [String(fillText(member, variables)), fill(each, variables)]),
  );
}

function fillText(text: string, variables: JsonRecord): Json {
  const whole = variables[WHOLE.exec(text)?.[1] ?? ''];
  if (whole !== undefined) return fill(whole, variables);
  const filled = text.replace(PART, (found, name: string) => {
    const value = variables[name];
    return value === undefined || typeof value === 'object' ? found : String(value);
  });
  return filled === text ? text : fillText(filled, variables);
}

/** The value at `spec.containers.0.name`; `.` is everything. A dot within a name is written `\.`. */
export function valueAt(value: Json, path: string): Json | undefined {
  if (path === '.') return value;
  let found: Json | undefined = value;
  for (const part of path.split(/(?<!\\)\./)) {
    const member = part.replaceAll('\\.', '.');
    if (Array.isArray(found)) found = found[Number(member)];
    else found = isRecord(found) ? found[member] : undefined;
  }
  return found;
}

/** RFC 7386: null removes. */
export function merged(target: Json, patch: Json): Json {
  if (!isRecord(patch)) return patch;
  const result: Record<string, Json> = isRecord(target) ? { ...target } : {};
  for (const [member, value] of Object.entries(patch)) {
    if (value === null) delete result[member];
    else result[member] = merged(result[member] ?? null, value);
  }
  return result;
}
