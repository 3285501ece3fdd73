/**
 * What a judge says: true, false or unknown. Unknown means that nothing was seen or that the judge itself failed; it
 * never passes.
 */
export type Verdict =
  | { readonly value: 'true'; readonly because: string }
  | { readonly value: 'false'; readonly because: string }
  | { readonly value: 'unknown'; readonly because: string };

export const holds = (because: string): Verdict => ({ value: 'true', because });
export const fails = (because: string): Verdict => ({ value: 'false', because });
export const unknown = (because: string): Verdict => ({ value: 'unknown', because });

/** false before unknown before true: a run is as good as its worst judge. Without any judge: unknown. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return (
    verdicts.find((verdict) => verdict.value === 'false') ??
    verdicts.find((verdict) => verdict.value === 'unknown') ??
    verdicts[0] ??
    unknown('nothing was judged')
  );
}

/** Runs a judge; one that throws has not judged. */
export function judged(judge: () => Verdict): Verdict {
  try {
    return judge();
  } catch (error) {
    return unknown(`the judge failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Judges each item: false with the first explanation found, true when there are items and nothing speaks against any,
 * unknown when there was nothing to judge.
 */
export function forEach<T>(items: readonly T[], what: string, objection: (item: T) => string | undefined): Verdict {
  if (items.length === 0) return unknown(`no ${what} seen`);
  for (const item of items) {
    const found = objection(item);
    if (found !== undefined) return fails(found);
  }
  return holds(`${items.length} ${what}`);
}
