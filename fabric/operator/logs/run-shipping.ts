/**
 * Ships the log of one run: its pods one after the other, in the order of the attempts, into the run's one `log.txt`.
 * A pod is begun as soon as its container has, and followed while it runs.
 */
import type { ContainerEnd } from '../ship/pod-log.ts';
import type { LogSource } from '../ship/shipper.ts';
import type { AttemptLedger, Ledger } from './run-ledger.ts';

export type { LogSource };

/** Ships the log of one pod. Resolves when it is whole and safe, or given up; rejects when the signal ends it. */
export interface PodLogShipper {
  ship(run: LogSource, signal: AbortSignal): Promise<Ledger>;
}

interface ShippedPod {
  readonly name: string;
  readonly uid: string;
}

export class RunShipping {
  readonly #shipper: PodLogShipper;
  readonly #run: Omit<LogSource, 'pod' | 'end' | 'onStored'>;
  readonly #key: string;
  readonly #onChange: () => void;
  readonly #endOf: (podUid: string) => ContainerEnd | undefined;
  readonly #abort = new AbortController();
  readonly #seen = new Set<string>();
  readonly #waiting: ShippedPod[] = [];
  readonly #attempts: AttemptLedger[];
  #shipping: ShippedPod | undefined;
  /** What content has of the run's log. */
  #stored = { lines: 0, bytes: 0 };

  /**
   * @param options.done what an earlier process has shipped of this run
   * @param options.onChange called when a pod's log is settled
   * @param options.endOf what was seen of the end of a pod's container
   */
  constructor(options: {
    readonly shipper: PodLogShipper;
    readonly run: Omit<LogSource, 'pod' | 'end' | 'onStored'>;
    readonly key: string;
    readonly done: readonly AttemptLedger[];
    onChange(): void;
    endOf(podUid: string): ContainerEnd | undefined;
  }) {
    this.#shipper = options.shipper;
    this.#run = options.run;
    this.#key = options.key;
    this.#onChange = options.onChange;
    this.#endOf = options.endOf;
    this.#attempts = [...options.done];
    for (const attempt of options.done) this.#seen.add(attempt.podUid);
  }

  /** The ledgers of the pods that are settled, in their order. */
  get attempts(): readonly AttemptLedger[] {
    return this.#attempts;
  }

  /** True when no pod's log is under way. */
  get settled(): boolean {
    return this.#shipping === undefined && this.#waiting.length === 0;
  }

  /** Takes a pod whose container has begun; telling it again does nothing. */
  see(pod: ShippedPod): void {
    if (this.#seen.has(pod.uid) || this.#abort.signal.aborted) return;
    this.#seen.add(pod.uid);
    this.#waiting.push(pod);
    if (!this.#shipping) void this.#shipAll();
  }

  /** Gives up what is not safe yet: each pod's ledger says so, and why. */
  giveUp(reason: string): void {
    const open = [...(this.#shipping ? [this.#shipping] : []), ...this.#waiting];
    this.stop();
    for (const pod of open) this.#attempts.push(this.#lostLedger(pod, reason));
  }

  /** Ends the work without a verdict; another process goes on. */
  stop(): void {
    this.#abort.abort(new Error('log shipping stops'));
    this.#waiting.length = 0;
    this.#shipping = undefined;
  }

  async #shipAll(): Promise<void> {
    for (let pod = this.#waiting.shift(); pod !== undefined; pod = this.#waiting.shift()) {
      this.#shipping = pod;
      const ledger = await this.#ship(pod);
      if (this.#abort.signal.aborted) return;
      this.#attempts.push(ledger);
      this.#shipping = undefined;
      this.#onChange();
    }
  }

  async #ship(pod: ShippedPod): Promise<AttemptLedger> {
    try {
      const source: LogSource = {
        ...this.#run,
        pod: pod.name,
        end: () => this.#endOf(pod.uid),
        onStored: ({ lines, bytes }) => {
          this.#stored = { lines, bytes };
        },
      };
      const ledger = await this.#shipper.ship(source, this.#abort.signal);
      return { ...ledger, pod: pod.name, podUid: pod.uid };
    } catch (error) {
      return this.#lostLedger(pod, `log lost: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #lostLedger(pod: ShippedPod, reason: string): AttemptLedger {
    const before = this.#attempts.at(-1);
    // What is safe of the pod's own log counts too: only the rest is lost.
    const lines = Math.max(before?.lines ?? 0, this.#stored.lines);
    const bytes = Math.max(before?.bytes ?? 0, this.#stored.bytes);
    const missing = [{ afterLine: lines, reason }];
    return { key: this.#key, lines, bytes, complete: false, missing, pod: pod.name, podUid: pod.uid };
  }
}
