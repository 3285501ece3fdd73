/** The measured as a table for people: medians of both sides, their ratio, what the design asks for. */
import type { Rate } from './rate.ts';
import type { SideName } from './sides.ts';
import { median } from './statistics.ts';

/** One line of a table. `simulated` and `real` are medians. */
export interface Row {
  readonly what: string;
  readonly simulated: number;
  readonly real: number;
  /** How many times better the simulated one is. */
  readonly ratio: number;
  /** Time of processors that a request costs, microseconds. */
  readonly simulatedProcessorUs?: number;
  readonly realProcessorUs?: number;
  /** Least ratio; absent where the design asks for none. */
  readonly target?: number;
  /** What the rest of the line says. */
  readonly note: string;
}

/** A rate with what the server's processes used meanwhile. */
export interface PaidRate extends Rate {
  /** Time of processors for each request, microseconds. */
  readonly processorUs: number;
}

export type BySide<T> = Readonly<Record<SideName, readonly T[]>>;

/** Requests a second: more is better. */
export function rateRow(what: string, target: number, rates: BySide<PaidRate>): Row {
  const of = (side: SideName, fact: keyof PaidRate) => median(rates[side].map((rate) => rate[fact]));
  const refused = (side: SideName) => rates[side].reduce((sum, rate) => sum + rate.refused, 0);
  const latency = (side: SideName) => `${of(side, 'p50Ms').toFixed(2)}/${of(side, 'p99Ms').toFixed(1)}`;
  const paid = (side: SideName) => `${Math.round(of(side, 'processorUs'))} us`.padStart(9);
  const refusals = refused('simulated') + refused('real') > 0;
  const note = refusals ? `  refused ${refused('simulated')} and ${refused('real')}` : '';
  return {
    ...row(what, of('simulated', 'perSecond'), of('real', 'perSecond'), target),
    simulatedProcessorUs: of('simulated', 'processorUs'),
    realProcessorUs: of('real', 'processorUs'),
    note: `${paid('simulated')} ${paid('real')}  p50/p99 ms ${latency('simulated')} and ${latency('real')}${note}`,
  };
}

/** Of a figure where more is better. */
export function row(what: string, simulated: number, real: number, target?: number, note = ''): Row {
  return { what, simulated, real, ratio: simulated / real, ...(target === undefined ? {} : { target }), note };
}

/** Of a figure where less is better: seconds, bytes. */
export function lessRow(what: string, simulated: number, real: number, target?: number, note = ''): Row {
  return { ...row(what, simulated, real, target, note), ratio: real / simulated };
}

export function tableText(title: string, rows: readonly Row[]): string {
  const lines = rows.map((each) =>
    [
      each.what.padEnd(36),
      figure(each.simulated).padStart(10),
      figure(each.real).padStart(10),
      `${each.ratio.toFixed(1)}x`.padStart(8),
      (each.target === undefined ? '' : `>= ${each.target}x`).padStart(7),
      (each.target === undefined || each.ratio >= each.target ? '' : 'MISSED').padEnd(7),
      each.note,
    ].join(' '),
  );
  const head = ['', 'simulated', 'real', 'ratio', 'target'];
  const widths = [36, 10, 10, 8, 7];
  const heading = head.map((text, index) => text.padStart(widths[index] ?? 0)).join(' ');
  return [`\n${title}`, heading, ...lines].join('\n');
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
