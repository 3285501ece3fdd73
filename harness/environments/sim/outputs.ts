/**
 * What programs really wrote, taken as it leaves them and printed as a node prints it: the truth against which stored
 * logs are judged.
 */
import { RecordDecoder } from '../../../simulator/node/logs/record-decoder.ts';
import { RecordEncoder, type StreamName } from '../../../simulator/node/logs/record-encoder.ts';
import type { Program } from '../../../simulator/node/runtimes/programs/program.ts';
import type { StoredLogFacts } from '../../invariants/logs.ts';
import type { JobHistory } from '../../recording/recording.ts';
import { RunText } from '../run-text.ts';

/** Kubernetes puts it on each pod of a Job. */
const jobUidLabel = 'batch.kubernetes.io/controller-uid';

export class Outputs {
  /**
   * By Job uid: each attempt of a run is a pod of its own, one after the other, and so they stand in the stored log.
   */
  readonly #runs = new Map<string, RunOutput>();

  /** The same program, its output taken down. */
  counted(program: Program): Program {
    const counted: Program = (context) => {
      const run = this.#runOf(context.pod.labels[jobUidLabel] ?? context.pod.uid);
      const attempt = run.begin(context.pod.uid);
      return program({
        ...context,
        write: (bytes, stream = 'stdout') => {
          attempt.write(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, stream);
          return context.write(bytes, stream);
        },
      });
    };
    return program.missing ? Object.assign(counted, { missing: program.missing }) : counted;
  }

  /** What the pods of a Job wrote, all attempts together; undefined when none of them ran here. */
  of(job: JobHistory): StoredLogFacts | undefined {
    return this.#runs.get(job.uid)?.facts;
  }

  #runOf(uid: string): RunOutput {
    const run = this.#runs.get(uid) ?? new RunOutput();
    this.#runs.set(uid, run);
    return run;
  }
}

class RunOutput {
  readonly #text = new RunText();
  #attempt: Attempt | undefined;

  /** The attempt before has ended. */
  begin(name: string): Attempt {
    this.#attempt?.printRest(this.#text);
    this.#attempt = new Attempt(name, this.#text);
    return this.#attempt;
  }

  get facts(): StoredLogFacts {
    const text = this.#text.copy();
    this.#attempt?.printRest(text);
    return text.facts;
  }
}

class Attempt {
  readonly #name: string;
  readonly #text: RunText;
  readonly #encoder = new RecordEncoder();
  readonly #decoder = new RecordDecoder({});

  constructor(name: string, text: RunText) {
    this.#name = name;
    this.#text = text;
  }

  /** Lines are printed when they are whole. */
  write(bytes: Uint8Array, stream: StreamName): void {
    this.#text.add(this.#name, this.#decoder.decode(this.#encoder.encode(bytes, stream, 0)));
  }

  /** What has no line feed yet, as it is printed if nothing more comes. */
  printRest(text: RunText): void {
    text.add(this.#name, this.#decoder.decode(this.#encoder.finish(0)));
  }
}
