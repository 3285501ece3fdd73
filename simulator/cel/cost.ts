/**
 * What an evaluation costs, counted as Kubernetes counts it, so that it ends where a cluster ends it. Source: cel-go
 * interpreter/runtimecost.go, Kubernetes' cel/library/cost.go.
 */
import { CostError } from './errors.ts';
import { CelMap, isList, Opaque, Optional, type Value } from './values/value.ts';

/** What one expression may cost (apiserver apis/cel PerCallLimit). */
export const CALL_COST_MAX = 1_000_000;

/** What all expressions for one object may cost together (RuntimeCELCostBudget). */
export const OBJECT_COST_MAX = 10_000_000;

/**
 * Steps of real work that one expression may make. Kubernetes counts some functions as one step that are many (joining
 * lists): theirs has other means, ours would stand still.
 */
const WORK_MAX = 5_000_000;

/** What one evaluation has cost so far. */
export class Budget {
  readonly #limit: number;
  #spent = 0;
  #work = 0;

  constructor(limit = CALL_COST_MAX) {
    this.#limit = limit;
  }

  get spent(): number {
    return this.#spent;
  }

  /** Throws CostError. */
  charge(cost: number): void {
    this.#spent += cost;
    if (this.#spent > this.#limit) throw new CostError();
  }

  /** Counts work that costs nothing by Kubernetes' measure. Throws CostError. */
  work(steps: number): void {
    this.#work += steps;
    if (this.#work > WORK_MAX) throw new CostError();
  }
}

/** Characters, bytes, items or entries; 1 for what has no size. */
export function sizeOf(value: Value): number {
  if (typeof value === 'string') return textLength(value);
  if (value instanceof Uint8Array) return value.length;
  if (isList(value)) return value.length;
  if (value instanceof CelMap || value instanceof Opaque) return value.size;
  if (value instanceof Optional && value.value !== undefined) return sizeOf(value.value);
  return 1;
}

/** In characters, not in UTF-16's units. */
export function textLength(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0xd800 && code < 0xdc00) length -= 1;
  }
  return length;
}

const PER_CHARACTER = 0.1;
const PER_PATTERN_CHARACTER = 0.25;

/** Going through that many characters, so many times. */
export function traversal(size: number, times = 1): number {
  return Math.ceil(size * times * PER_CHARACTER);
}

/** Of a pattern over a text. */
export function patternCost(textSize: number, patternSize: number): number {
  return Math.ceil((1 + textSize) * PER_CHARACTER) * Math.ceil(patternSize * PER_PATTERN_CHARACTER);
}
