/** The commands of a guide: what stands in its blocks of `sh`, in order, as one script. Pure. */

/** Ends at the first command that fails, and says which it was. */
const begin = 'set -eu\n';

export function scriptOf(page: string): string {
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block ?? '');
  return begin + blocks.join('\n');
}
