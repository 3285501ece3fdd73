/**
 * How deep JSON is nested. Whatever walks through a value calls itself once or several times a level, and the stack
 * ends at some thousand: who takes values from outside says before anything else how deep they may be. This looks
 * without calling itself.
 */

/**
 * The first object or list that lies in more than `levels` others; undefined when there is none. A plain value has no
 * levels.
 */
export function nestedDeeper(value: unknown, levels: number): object | undefined {
  let layer: object[] = isContainer(value) ? [value] : [];
  for (let level = 1; layer.length > 0; level++) {
    if (level > levels) return layer[0];
    layer = layer.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return undefined;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
