/** Readiness probes: asked in their rhythm while the container runs (upstream kubelet prober; semantics 4.4). */
import type { Container } from '../../kubernetes/objects.ts';
import type { Timer } from '../../world/clock.ts';
import type { World } from '../../world/world.ts';
import type { RunningContainer } from './runtimes/runtime.ts';

export type Probe = NonNullable<Container['readinessProbe']>;

export interface ProberOptions {
  readonly world: World;
  readonly probe: Probe;
  readonly handle: RunningContainer;
  /** Told when the verdict changes; it begins as "not ready". */
  onChange(ready: boolean): void;
  /** Told of each failed try. */
  onFailure(message: string): void;
}

/** What of a probe this node can ask. */
export function canAsk(probe: Probe | undefined): probe is Probe {
  return probe?.exec !== undefined;
}

export class Prober {
  readonly #options: ProberOptions;
  #timer: Timer | undefined;
  #isStopped = false;
  #isReady = false;
  /** Tries in a row that ended the same way. */
  #row = { passed: false, count: 0 };

  constructor(options: ProberOptions) {
    this.#options = options;
  }

  start(): void {
    this.#askIn(1000 * (this.#options.probe.initialDelaySeconds ?? 0));
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  #askIn(delayMs: number): void {
    this.#timer = this.#options.world.clock.after(delayMs, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    const failure = await this.#failure();
    if (this.#isStopped) return;
    const passed = failure === undefined;
    this.#row = { passed, count: this.#row.passed === passed ? this.#row.count + 1 : 1 };
    if (failure !== undefined) this.#options.onFailure(failure);
    const { successThreshold = 1, failureThreshold = 3, periodSeconds = 10 } = this.#options.probe;
    if (passed !== this.#isReady && this.#row.count >= (passed ? successThreshold : failureThreshold)) {
      this.#isReady = passed;
      this.#options.onChange(passed);
    }
    if (!this.#isStopped) this.#askIn(1000 * periodSeconds);
  }

  /** undefined when it passed. */
  async #failure(): Promise<string | undefined> {
    const { world, probe, handle } = this.#options;
    const timeoutSeconds = probe.timeoutSeconds ?? 1;
    return new Promise((resolve) => {
      const late = `command timed out after ${timeoutSeconds}s`;
      const timer = world.clock.after(1000 * timeoutSeconds, () => resolve(late));
      void handle.execute(probe.exec?.command ?? []).then(({ exitCode, output }) => {
        timer.cancel();
        resolve(exitCode === 0 ? undefined : output.trim());
      });
    });
  }
}
