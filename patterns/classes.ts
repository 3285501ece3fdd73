/**
 * The names of `\p{...}`: Go takes any spelling (`Letter`, `old italic`), the engine the one of Go's tables (`L`,
 * `Old_Italic`).
 */
import names from './classes.json' with { type: 'json' };

/** From `scripts/patterns/main.go`: without spaces, hyphens and underscores, in lower case. */
const known: ReadonlyMap<string, string> = new Map(Object.entries(names));

/** The engine's name of the class; undefined when the name is written in its way already, or is none. */
export function classNamed(name: string): string | undefined {
  return known.get(name.replace(/[\s_-]/g, '').toLowerCase());
}
