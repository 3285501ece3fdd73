/** The files of a fake pod's log as a kubelet serves them: a page that lists them, and ranges of each. For tests. */
import { ApiStatusError, type ByteRange, type NodeLogs } from '../../../../kubernetes/client.ts';
import type { FakePodLog } from '../fake-pod-log.fixture.ts';

export class FakeNodeLogs implements NodeLogs {
  readonly #pod: FakePodLog;
  /** Files kept, the present one included. */
  maximumFiles = 5;
  /** What is done before each answer: files may be rotated between two of them. */
  before: (() => void) | undefined;
  /** The status with which everything is refused, while it is set. */
  refusedWith: number | undefined;
  /** Bytes served of files. */
  servedBytes = 0;

  constructor(pod: FakePodLog) {
    this.#pod = pod;
  }

  async nodeLog(node: string, path: string, range: ByteRange | undefined): Promise<AsyncIterable<Buffer>> {
    this.before?.();
    if (this.refusedWith !== undefined) throw refused(this.refusedWith);
    const [, name] = /^pods\/n_p_u\/main\/(.*)$/.exec(path) ?? [];
    if (node !== 'node-1' || name === undefined) throw refused(404);
    const files = this.#pod.files.slice(-this.maximumFiles);
    const newest = files.at(-1)?.number;
    const named = new Map(files.map(({ number, records }) => [nameOf(number, number === newest), records]));
    if (name === '') {
      const links = [...named.keys()].sort().map((each) => `<a href="${each}">${each}</a>\n`);
      return this.#stream(Buffer.from(`<!doctype html>\n<pre>\n${links.join('')}</pre>\n`));
    }
    const bytes = named.get(name);
    if (!bytes) throw refused(404);
    const { start = 0, end } = range ?? {};
    if (start > 0 && start >= bytes.length) throw refused(416);
    const part = bytes.subarray(start, end);
    this.servedBytes += part.length;
    return this.#stream(part);
  }

  async *#stream(bytes: Buffer): AsyncGenerator<Buffer> {
    const cuts = this.#pod.cuts();
    const { chunkBytes } = this.#pod;
    for (let start = 0; start < bytes.length; start += chunkBytes) {
      this.#pod.breakIfCut(cuts);
      // A copy: its reader may change it.
      yield Buffer.from(bytes.subarray(start, start + chunkBytes));
    }
  }
}

function nameOf(number: number, isNewest: boolean): string {
  return isNewest ? '0.log' : `0.log.20260101-${String(number).padStart(6, '0')}`;
}

function refused(code: number): ApiStatusError {
  return new ApiStatusError(code, { code, message: `the kubelet answered ${code}` });
}
