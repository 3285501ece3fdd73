/** Quotas as they stand on a command line: `10GB`, `10GB,proj1=500MB`. */
import type { Quotas } from './quota-blobs.ts';

const units: ReadonlyMap<string, number> = new Map(
  Object.entries({
    '': 1,
    kb: 1e3,
    mb: 1e6,
    gb: 1e9,
    tb: 1e12,
    kib: 2 ** 10,
    mib: 2 ** 20,
    gib: 2 ** 30,
    tib: 2 ** 40,
  }),
);

/** The quotas, or undefined when the text says none. */
export function parseQuotas(text: string): Quotas | undefined {
  const bytesByProject = new Map<string, number>();
  let allBytes: number | undefined;
  for (const entry of text.split(',')) {
    const [, project, size = ''] = /^\s*(?:([^=]+)=)?([^=]+)$/.exec(entry) ?? [];
    const bytes = bytesOf(size);
    if (bytes === undefined || (project === undefined && allBytes !== undefined)) return undefined;
    if (project === undefined) allBytes = bytes;
    else bytesByProject.set(project, bytes);
  }
  return { allBytes, bytesByProject };
}

function bytesOf(size: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,12}(?:\.\d+)?)\s*([a-z]*)$/i.exec(size.trim()) ?? [];
  const factor = units.get(unit.toLowerCase());
  return number === undefined || factor === undefined ? undefined : Math.floor(Number(number) * factor);
}
