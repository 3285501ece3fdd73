/**
 * One run of a scheduled agent: invokes the agent's service at the gateway and waits until the activation has ended, so
 * that the schedule's concurrency policy means something. The run fails when the activation does. SIGTERM (a deadline,
 * a deletion, the policy Replace) cancels the activation first. Imports `world`; the gateway is known by its routes
 * alone.
 */
import type { World } from '../../world/world.ts';
import { GatewayAwayError, RefusedError, type RunCredential, RunGateway } from './gateway.ts';
import { InvocationFormatError, invocationOf, type OwnPod, ownPodOf, type ScheduledInvocation } from './invocation.ts';

/** The gateway may be away for so long at a time; then the run fails, or a policy of Forbid would hold for ever. */
const patienceMs = 10 * 60_000;
/** Less than the 30 s between SIGTERM and SIGKILL. */
const cancelPatienceMs = 20_000;
const firstPollMs = 250;
const longestPollMs = 5_000;
/** A request to invoke that was cut off may still arrive. */
const lateInvocationMs = 1_000;
const terminatedExitCode = 143;

export interface RunContext {
  readonly world: World;
  /** The container's last argument. */
  readonly payload: string;
  /** Of the container: it names its pod. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by SIGTERM. */
  readonly signal: AbortSignal;
  /** A line of the run's log. */
  print(line: string): Promise<void> | void;
  /** Why the run failed, for the status of its pod and by that for its record. */
  terminationMessage(reason: string): Promise<void> | void;
}

interface Run extends RunContext {
  readonly invocation: ScheduledInvocation;
  readonly pod: OwnPod;
}

/** Resolves with the exit code: 0 when the activation is complete, 143 after SIGTERM, else 1. */
export async function invokeAgent(context: RunContext): Promise<number> {
  try {
    const invocation = invocationOf(context.payload);
    return await play({ ...context, invocation, pod: ownPodOf(context.environment) });
  } catch (error) {
    if (!(error instanceof InvocationFormatError)) throw error;
    return failed(context, error.message);
  }
}

async function play(run: Run): Promise<number> {
  const { world, invocation, pod, signal } = run;
  const gateway = new RunGateway({ world, invocation, pod, patienceMs });
  const { agent, service, schedule } = invocation;
  let activationId: string | undefined;
  try {
    await run.print(`invoking service ${service} of agent ${agent} for schedule ${schedule}`);
    activationId = await gateway.invoke(signal);
    await run.print(`activation ${activationId}`);
    return await ended(run, activationId, await endOf(run, gateway, activationId));
  } catch (error) {
    if (signal.aborted) return await cancelled(run, gateway);
    const id = activationId ?? gateway.credential?.activationId;
    return await failed(run, `${whatFailed(invocation, id)}: ${textOf(error)}`);
  }
}

function whatFailed({ agent, service }: ScheduledInvocation, activationId: string | undefined): string {
  const what = `service ${service} of agent ${agent}`;
  return activationId === undefined
    ? `${what} could not be invoked`
    : `${what} could not be invoked or followed (activation ${activationId})`;
}

type Activation = Readonly<Record<string, unknown>>;

async function endOf({ world, signal }: Run, gateway: RunGateway, id: string): Promise<Activation> {
  for (let waitMs = firstPollMs; ; waitMs = Math.min(waitMs * 2, longestPollMs)) {
    const activation = await gateway.activation(id, signal);
    if (activation.status !== 'PENDING' && activation.status !== 'STARTED') return activation;
    await world.clock.sleep(waitMs, signal);
  }
}

async function ended(run: Run, id: string, { status, response, error }: Activation): Promise<number> {
  await run.print(`status ${String(status)}`);
  if (response !== undefined) await run.print(typeof response === 'string' ? response : JSON.stringify(response));
  if (status === 'COMPLETE') return 0;
  const { message } = (error ?? {}) as { message?: unknown };
  const why = typeof message === 'string' ? `: ${message}` : '';
  return failed(run, `activation ${id} of agent ${run.invocation.agent} ended with ${String(status)}${why}`);
}

async function failed(run: RunContext, reason: string): Promise<number> {
  await run.print(reason);
  await run.terminationMessage(reason);
  return 1;
}

/** Nothing is left to cancel before the gateway has given a credential: no request to invoke was sent. */
async function cancelled(run: Run, gateway: RunGateway): Promise<number> {
  const { credential } = gateway;
  if (credential) {
    const said = await cancel(run, credential);
    await run.print(`terminated: ${said}`);
    await run.terminationMessage(said);
  }
  return terminatedExitCode;
}

async function cancel({ world, invocation, pod }: Run, credential: RunCredential): Promise<string> {
  // Of its own: that of the run has been aborted.
  const { signal } = new AbortController();
  const gateway = new RunGateway({ world, invocation, pod, patienceMs: cancelPatienceMs, credential });
  const id = credential.activationId;
  for (const isLast of [false, true]) {
    try {
      await gateway.cancel(id, signal);
      return `activation ${id} was cancelled`;
    } catch (error) {
      if (error instanceof RefusedError && error.status === 404) {
        if (isLast) return `activation ${id} had not begun`;
        await world.clock.sleep(lateInvocationMs);
      } else if (error instanceof RefusedError && error.status === 409) {
        return `activation ${id} had ended`;
      } else {
        return `activation ${id} could not be cancelled: ${textOf(error)}`;
      }
    }
  }
  return `activation ${id} had not begun`;
}

function textOf(error: unknown): string {
  if (error instanceof RefusedError) return `${error.message} (status ${error.status})`;
  if (error instanceof GatewayAwayError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
