/** Rates of the World's hot paths, measured side by side in one process. */
export interface Rate {
  readonly label: string;
  readonly perSecond: number;
  readonly microseconds: number;
}

/** Runs `work` once with a tenth of `count` to warm up, then with `count`. */
export async function rateOf(label: string, count: number, work: (count: number) => Promise<void>): Promise<Rate> {
  await work(Math.ceil(count / 10));
  const startedAt = performance.now();
  await work(count);
  const elapsedMs = performance.now() - startedAt;
  return { label, perSecond: Math.round((count / elapsedMs) * 1000), microseconds: (elapsedMs / count) * 1000 };
}

export function printRates(rates: readonly Rate[]): void {
  for (const { label, perSecond, microseconds } of rates) {
    process.stdout.write(
      `${perSecond.toLocaleString('en').padStart(12)} /s ${microseconds.toFixed(1).padStart(8)} us  ${label}\n`,
    );
  }
}
