/** Startup, liveness and readiness probes, asked in their rhythm while the container runs (upstream kubelet prober). */
import type { Container } from '../../kubernetes/objects.ts';
import type { Timer } from '../../world/clock.ts';
import type { World } from '../../world/world.ts';
import { canAsk, type Probe, ProbeUnaskableError, tryProbe } from './probe-handlers.ts';
import type { RunningContainer } from './runtimes/runtime.ts';

export type ProbeKind = 'Startup' | 'Liveness' | 'Readiness';

export interface ContainerProbesOptions {
  readonly world: World;
  readonly container: Container;
  readonly handle: RunningContainer;
  /** The pod's. */
  readonly address: string;
  /** The startup probe passed, or readiness changed. Both begin as "no" for a container that has such a probe. */
  onChange(change: { readonly hasStarted: true } | { readonly ready: boolean }): void;
  /** Its startup or liveness probe failed too often: it is to be ended. */
  onUnhealthy(kind: ProbeKind, probe: Probe): void;
  /** Told of each failed try, in the words of an event. */
  onFailure(text: string): void;
}

/** The probes of one container instance. */
export class ContainerProbes {
  readonly #options: ContainerProbesOptions;
  readonly #probers: Prober[] = [];

  constructor(options: ContainerProbesOptions) {
    this.#options = options;
  }

  /** The others wait until the startup probe has passed. */
  start(): void {
    const { container, onChange } = this.#options;
    const began = this.#begin('Startup', container.startupProbe, (passed, probe) => {
      if (!passed) return this.#end('Startup', probe);
      this.stop();
      onChange({ hasStarted: true });
      this.#startOthers();
    });
    if (!began) this.#startOthers();
  }

  stop(): void {
    for (const prober of this.#probers.splice(0)) prober.stop();
  }

  #startOthers(): void {
    const { container, onChange } = this.#options;
    this.#begin('Readiness', container.readinessProbe, (ready) => onChange({ ready }));
    this.#begin('Liveness', container.livenessProbe, (alive, probe) => {
      if (!alive) this.#end('Liveness', probe);
    });
  }

  #end(kind: ProbeKind, probe: Probe): void {
    this.stop();
    this.#options.onUnhealthy(kind, probe);
  }

  #begin(kind: ProbeKind, probe: Probe | undefined, onVerdict: (passed: boolean, probe: Probe) => void): boolean {
    if (!canAsk(probe)) return false;
    const { world, onFailure } = this.#options;
    const prober = new Prober({
      world,
      probe,
      failure: () => tryProbe(this.#options, probe),
      onVerdict: (passed) => onVerdict(passed, probe),
      onFailure: (message) => onFailure(`${kind} probe failed: ${message}`),
      onUnaskable: (message) => onFailure(`${kind} probe errored and resulted in unknown state: ${message}`),
    });
    this.#probers.push(prober);
    prober.start();
    return true;
  }
}

interface ProberOptions {
  readonly world: World;
  readonly probe: Probe;
  /** One try: why it failed, undefined when it passed. */
  failure(): Promise<string | undefined>;
  /** Told when the verdict changes; there is none in the beginning. */
  onVerdict(passed: boolean): void;
  onFailure(message: string): void;
  /** It could not be asked: that counts neither way. */
  onUnaskable(message: string): void;
}

class Prober {
  readonly #options: ProberOptions;
  #timer: Timer | undefined;
  #isStopped = false;
  #verdict: boolean | undefined;
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
    try {
      const failure = await this.#options.failure();
      if (this.#isStopped) return;
      if (failure !== undefined) this.#options.onFailure(failure);
      this.#count(failure === undefined);
    } catch (error) {
      if (!(error instanceof ProbeUnaskableError)) throw error;
      if (this.#isStopped) return;
      this.#options.onUnaskable(error.message);
    }
    if (!this.#isStopped) this.#askIn(1000 * (this.#options.probe.periodSeconds ?? 10));
  }

  #count(passed: boolean): void {
    this.#row = { passed, count: this.#row.passed === passed ? this.#row.count + 1 : 1 };
    const { successThreshold = 1, failureThreshold = 3 } = this.#options.probe;
    if (passed !== this.#verdict && this.#row.count >= (passed ? successThreshold : failureThreshold)) {
      this.#verdict = passed;
      this.#options.onVerdict(passed);
    }
  }
}
