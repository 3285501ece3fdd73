/** Instants as Kubernetes writes them. */

/** RFC 3339 in whole seconds: `2026-01-01T00:00:00Z`. */
export function wireTime(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** RFC 3339 with six decimals, for Leases. */
export function microTime(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 23)}000Z`;
}
