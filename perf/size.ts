/** Sizes as command lines have them. */
const units = { MB: 1e6, GB: 1e9 } as const;

/** `100MB`, `1GB`, in bytes. */
export function bytesOf(text: string): number {
  const [, count = '', unit] = /^(\d+)(MB|GB)$/.exec(text) ?? [];
  if (unit !== 'MB' && unit !== 'GB') throw new Error(`--size must be as 100MB or 1GB, not ${JSON.stringify(text)}`);
  return Number(count) * units[unit];
}
