/** Puts spans of time into as few lanes as hold them without overlap. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The lane of each span, in the order given; spans are taken by their beginning. */
export function lanesOf(spans: readonly Span[]): number[] {
  const order = spans
    .map((_, index) => index)
    .sort((left, right) => at(spans, left).from - at(spans, right).from || left - right);
  const busyUntil: number[] = [];
  const lanes: number[] = new Array(spans.length).fill(0);
  for (const index of order) {
    const span = at(spans, index);
    const free = busyUntil.findIndex((until) => until <= span.from);
    const lane = free === -1 ? busyUntil.length : free;
    busyUntil[lane] = Math.max(span.to, span.from + 1);
    lanes[index] = lane;
  }
  return lanes;
}

function at(spans: readonly Span[], index: number): Span {
  const span = spans[index];
  if (!span) throw new RangeError(`no span ${index}`);
  return span;
}
