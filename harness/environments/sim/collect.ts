/** Reads what Fabric has in the end, through its public interface (contract 3.4.1 and 3.11). */
import { createHash } from 'node:crypto';
import { pathOfSegments } from '../../../fabric/http/index.ts';
import type { StoredLog, TaskRecord } from '../../recording/recording.ts';
import type { GatewayAccess } from '../environment.ts';

/** Larger logs are judged by length and hash alone. */
const TEXT_BYTES_MAX = 1024 * 1024;

export async function collectRecords(gateway: GatewayAccess, project: string): Promise<TaskRecord[]> {
  const answer = await gateway.fetch(
    `${pathOfSegments(['fabric', 'v4', 'projects', project, 'tasks'])}?limit=0&skip=0`,
  );
  if (answer.status !== 200)
    throw new Error(`the gateway answered ${answer.status} to the list of tasks: ${answer.text.slice(0, 200)}`);
  return answer.json<{ tasks: TaskRecord[] }>().tasks;
}

interface ContentEntry {
  readonly Key: string;
  readonly Size: number;
}

export async function collectLogs(content: GatewayAccess, project: string): Promise<StoredLog[]> {
  const base = pathOfSegments(['fabric', 'v4', 'projects', project, 'content']);
  const list = await content.fetch(`${base}?filter=tasks/`);
  if (list.status !== 200)
    throw new Error(`managed content answered ${list.status} to its list: ${list.text.slice(0, 200)}`);
  const logs: StoredLog[] = [];
  for (const { Key: key } of list.json<ContentEntry[]>().filter(({ Key }) => Key.endsWith('/log.txt'))) {
    const { text } = await content.fetch(base + pathOfSegments(key.split('/')));
    const bytes = Buffer.byteLength(text);
    logs.push({
      key,
      text: bytes <= TEXT_BYTES_MAX ? text : undefined,
      endsWith: text.slice(text.lastIndexOf('\n', text.length - 2) + 1),
      bytes,
      sha256: createHash('sha256').update(text).digest('hex'),
    });
  }
  return logs;
}
