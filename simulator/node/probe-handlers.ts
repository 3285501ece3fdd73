/**
 * One try of a probe: a command in the container, an HTTP request, a connection. Source: upstream pkg/kubelet/prober,
 * pkg/probe.
 */
import type { Container } from '../../kubernetes/objects.ts';
import { deadlineSignal } from '../../world/clock.ts';
import type { World } from '../../world/world.ts';
import type { RunningContainer } from './runtimes/runtime.ts';

export type Probe = NonNullable<Container['readinessProbe']>;

export interface ProbeTarget {
  readonly world: World;
  readonly container: Container;
  readonly handle: RunningContainer;
  /** The pod's. */
  readonly address: string;
}

/** What of a probe this node can ask; gRPC is not among it. */
export function canAsk(probe: Probe | undefined): probe is Probe {
  return probe?.exec !== undefined || probe?.httpGet !== undefined || probe?.tcpSocket !== undefined;
}

/** The probe could not be asked: what it would have said is unknown. */
export class ProbeUnaskableError extends Error {
  override readonly name = 'ProbeUnaskableError';
}

const redirectsMaximum = 10;

/** Why the try failed; undefined when it passed. Rejects with ProbeUnaskableError alone. */
export async function tryProbe(target: ProbeTarget, probe: Probe): Promise<string | undefined> {
  if (probe.httpGet) return tryHttp(target, probe.httpGet, timeoutMs(probe));
  if (probe.tcpSocket) return tryConnection(target, probe.tcpSocket, timeoutMs(probe));
  return tryCommand(target, probe);
}

function timeoutMs({ timeoutSeconds = 1 }: Probe): number {
  return 1000 * timeoutSeconds;
}

function tryCommand({ world, handle }: ProbeTarget, probe: Probe): Promise<string | undefined> {
  return new Promise((resolve) => {
    const late = `command timed out after ${timeoutMs(probe) / 1000}s`;
    const timer = world.clock.after(timeoutMs(probe), () => resolve(late));
    void handle.execute(probe.exec?.command ?? []).then(({ exitCode, output }) => {
      timer.cancel();
      resolve(exitCode === 0 ? undefined : output.trim());
    });
  });
}

/**
 * Statuses from 200 to 399 pass. Redirects are followed where they stay on the host; one that leaves it passes
 * (upstream probe/http).
 */
async function tryHttp(
  { world, container, address }: ProbeTarget,
  { host, path = '/', port, scheme = 'HTTP', httpHeaders = [] }: NonNullable<Probe['httpGet']>,
  limitMs: number,
): Promise<string | undefined> {
  const place = `${host || address}:${portNumber(container, port)}`;
  const url = `${scheme.toLowerCase()}://${place}${path.startsWith('/') ? path : `/${path}`}`;
  const deadline = deadlineSignal(world.clock, limitMs, 'a probe');
  const own = Object.fromEntries(httpHeaders.map(({ name, value }) => [name.toLowerCase(), value]));
  const headers = { 'user-agent': 'kube-probe/1.36', accept: '*/*', ...own };
  try {
    const status = await statusOf(world, url, { headers, signal: deadline.signal });
    if (status === undefined) return `Get "${url}": stopped after ${redirectsMaximum} redirects`;
    return status >= 200 && status < 400 ? undefined : `HTTP probe failed with statuscode: ${status}`;
  } catch (error) {
    if (deadline.signal.aborted) {
      return `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;
    }
    return `Get "${url}": ${whyNot(error, place)}`;
  } finally {
    deadline.clear();
  }
}

/** Of the last answer; undefined when there are too many redirects. */
async function statusOf(
  world: World,
  first: string,
  options: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<number | undefined> {
  let url = first;
  for (let redirects = 0; redirects < redirectsMaximum; redirects++) {
    const answer = await world.network.fetch(url, { ...options, redirect: 'manual' });
    await answer.body?.cancel();
    const location = answer.headers.get('location');
    const next = answer.status >= 300 && location !== null ? new URL(location, url) : undefined;
    if (!next || next.hostname !== new URL(first).hostname) return answer.status;
    url = next.href;
  }
  return undefined;
}

/** As Go says it. */
function whyNot(error: unknown, place: string): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${place.slice(0, place.lastIndexOf(':'))}: no such host`;
  return code === 'ECONNRESET' ? 'EOF' : `dial tcp ${place}: connect: connection refused`;
}

async function tryConnection(
  { world, container, address }: ProbeTarget,
  { host, port }: NonNullable<Probe['tcpSocket']>,
  limitMs: number,
): Promise<string | undefined> {
  const place = `${host || address}:${portNumber(container, port)}`;
  return new Promise((resolve) => {
    const timer = world.clock.after(limitMs, () => resolve(`dial tcp ${place}: i/o timeout`));
    world.network.connect(place).then(
      () => {
        timer.cancel();
        resolve(undefined);
      },
      () => {
        timer.cancel();
        resolve(`dial tcp ${place}: connect: connection refused`);
      },
    );
  });
}

/** A number, or the name of one of the container's ports. Throws ProbeUnaskableError. */
function portNumber({ ports = [] }: Container, port: number | string): number {
  if (typeof port === 'number') return port;
  const named = ports.find(({ name }) => name === port)?.containerPort;
  if (named !== undefined) return named;
  if (/^\d+$/.test(port)) return Number(port);
  throw new ProbeUnaskableError(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`);
}
