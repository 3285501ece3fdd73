/**
 * What programs really wrote, counted as it leaves them: the truth against which stored logs are judged. Only length and hash are
 * kept, so that a log of any size costs nothing.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Program } from '../../../simulator/node/runtimes/programs/program.ts';
import type { StoredLogFacts } from '../../invariants/logs.ts';
import type { JobHistory } from '../../recording/recording.ts';

/** Kubernetes puts it on each pod of a Job. */
const jobUidLabel = 'batch.kubernetes.io/controller-uid';

interface Output {
  bytes: number;
  readonly hash: Hash;
}

export class Outputs {
  /** By Job uid: each attempt of a run is a pod of its own, one after the other, and so they stand in the stored log. */
  readonly #chunks = new Map<string, Output>();

  /** The same program, its output counted. */
  counted(program: Program): Program {
    return (context) => {
      const output = this.#outputOf(context.pod.labels[jobUidLabel] ?? context.pod.uid);
      const count = (bytes: Uint8Array | string) => {
        const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
        output.bytes += buffer.length;
        output.hash.update(buffer);
      };
      return program({
        ...context,
        write: (bytes, stream) => {
          count(bytes);
          return context.write(bytes, stream);
        },
      });
    };
  }

  /** What the pods of a Job wrote, all attempts together; undefined when none of them ran here. */
  of(job: JobHistory): StoredLogFacts | undefined {
    const output = this.#chunks.get(job.uid);
    return output && { bytes: output.bytes, sha256: output.hash.copy().digest('hex') };
  }

  #outputOf(uid: string): Output {
    let output = this.#chunks.get(uid);
    if (!output) {
      output = { bytes: 0, hash: createHash('sha256') };
      this.#chunks.set(uid, output);
    }
    return output;
  }
}
