/**
 * What programs really wrote, counted as it leaves them: the truth against which stored logs are judged. Only length and hash are
 * kept, so that a log of any size costs nothing.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Program } from '../../../simulator/node/runtimes/programs/program.ts';
import type { StoredLogFacts } from '../../invariants/logs.ts';
import { type JobHistory, podsOf, type Recording } from '../../recording/recording.ts';

interface Output {
  bytes: number;
  readonly hash: Hash;
}

export class Outputs {
  /** By pod uid; each attempt of a run is a pod of its own. */
  readonly #chunks = new Map<string, Output>();

  /** The same program, its output counted. */
  counted(program: Program): Program {
    return (context) => {
      const { uid } = context.pod;
      const output = this.#outputOf(uid);
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

  /** What the one pod of a Job wrote; undefined for runs of several attempts, whose hashes cannot be put together. */
  of(recording: Recording, job: JobHistory): StoredLogFacts | undefined {
    const pods = podsOf(recording, job);
    const output = pods.length === 1 && pods[0] ? this.#chunks.get(pods[0].uid) : undefined;
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
