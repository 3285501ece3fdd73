/**
 * Instants as they are read best: within one day the time alone, else with their date. All in UTC, as the cluster has
 * them.
 */
import type { Recording } from '../recording/recording.ts';

const dayMs = 86_400_000;

/** `00:02:10`, or `2026-01-02 00:02:10`. */
export function instantIn({ startedAt, endedAt }: Pick<Recording, 'startedAt' | 'endedAt'>): (at: number) => string {
  const isOneDay = Math.floor(startedAt / dayMs) === Math.floor(endedAt / dayMs);
  return (at) => {
    const text = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
    return isOneDay ? text.slice(11) : text;
  };
}
