/** What a container leaves as its last word: its own message, or the end of its log (semantics 4.2). */
import type { Container } from '../../kubernetes/objects.ts';
import type { Exit } from './container-facts.ts';
import type { ContainerLog } from './logs/container-log.ts';
import { readLog } from './logs/read-log.ts';

const messageBytes = 4096;
const fallbackBytes = 2048;
const fallbackLines = 80;

/** undefined when there is none. The log must be closed. */
export async function terminationMessageOf(
  exit: Exit,
  container: Container,
  log: ContainerLog,
): Promise<string | undefined> {
  if (exit.message !== undefined && exit.message !== '') return lastBytes(Buffer.from(exit.message), messageBytes);
  if (container.terminationMessagePolicy !== 'FallbackToLogsOnError' || exit.exitCode === 0) return undefined;
  let end = Buffer.alloc(0);
  for await (const chunk of readLog(log, { tailLines: fallbackLines })) {
    end = Buffer.concat([end, chunk]).subarray(-fallbackBytes);
  }
  return lastBytes(end, fallbackBytes);
}

/** The last bytes as text, beginning with a whole character. */
function lastBytes(bytes: Buffer, limit: number): string {
  let start = Math.max(0, bytes.length - limit);
  while (start < bytes.length && start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return bytes.toString('utf8', start);
}
