/** Probes and life-cycle hooks of a container. */
import type { V1HTTPGetAction, V1LifecycleHandler, V1Probe } from '@kubernetes/client-node';
import type { Container, Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { httpHeaderName, portName, portNumber } from '../schema/names.ts';
import { forbidden, invalid, invalids, nonNegative, notSupported, required } from './field.ts';

/** What a probe or a hook can do. */
type Handler = Omit<Wire<V1LifecycleHandler>, never> & Pick<Wire<V1Probe>, 'grpc'>;

/** All of them; `gracePeriodSeconds` is the pod's. */
export function validateProbesAndHooks(
  container: Container,
  gracePeriodSeconds: number | undefined,
  path: string,
): FieldError[] {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  return [
    ...(lifecycle?.postStart
      ? validateHandler(lifecycle.postStart, gracePeriodSeconds, `${path}.lifecycle.postStart`)
      : []),
    ...(lifecycle?.preStop ? validateHandler(lifecycle.preStop, gracePeriodSeconds, `${path}.lifecycle.preStop`) : []),
    ...(livenessProbe ? validateSingleSuccessProbe(livenessProbe, `${path}.livenessProbe`) : []),
    ...(readinessProbe ? validateReadinessProbe(readinessProbe, `${path}.readinessProbe`) : []),
    ...(startupProbe ? validateSingleSuccessProbe(startupProbe, `${path}.startupProbe`) : []),
  ];
}

function validateSingleSuccessProbe(probe: Wire<V1Probe>, path: string): FieldError[] {
  const successes = probe.successThreshold ?? 1;
  return [
    ...validateProbe(probe, path),
    ...(successes === 1 ? [] : [invalid(`${path}.successThreshold`, successes, 'must be 1')]),
  ];
}

function validateReadinessProbe(probe: Wire<V1Probe>, path: string): FieldError[] {
  const field = `${path}.terminationGracePeriodSeconds`;
  const grace = probe.terminationGracePeriodSeconds;
  return [
    ...validateProbe(probe, path),
    ...(grace === undefined ? [] : [invalid(field, grace, 'must not be set for readinessProbes')]),
  ];
}

const probeNumbers = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

function validateProbe(probe: Wire<V1Probe>, path: string): FieldError[] {
  const grace = probe.terminationGracePeriodSeconds;
  return [
    ...validateHandler(probe, undefined, path),
    ...probeNumbers.flatMap((member) => nonNegative(`${path}.${member}`, probe[member])),
    ...(grace !== undefined && grace <= 0
      ? [invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must be greater than 0')]
      : []),
  ];
}

function validateHandler(handler: Handler, gracePeriodSeconds: number | undefined, path: string): FieldError[] {
  const kinds = (['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const).filter((kind) => handler[kind]);
  const [first, ...others] = kinds;
  if (first === undefined) return [required(path, 'must specify a handler type')];
  return [
    ...validateHandlerKind(handler, first, gracePeriodSeconds, `${path}.${first}`),
    ...others.map((kind) => forbidden(`${path}.${kind}`, 'may not specify more than 1 handler type')),
  ];
}

function validateHandlerKind(
  handler: Handler,
  kind: 'exec' | 'httpGet' | 'tcpSocket' | 'grpc' | 'sleep',
  gracePeriodSeconds: number | undefined,
  path: string,
): FieldError[] {
  switch (kind) {
    case 'exec':
      return (handler.exec?.command ?? []).length > 0 ? [] : [required(`${path}.command`)];
    case 'httpGet':
      return handler.httpGet ? validateHttpGet(handler.httpGet, path) : [];
    case 'tcpSocket':
      return validatePort(handler.tcpSocket?.port, `${path}.port`);
    case 'grpc':
      return validatePort(handler.grpc?.port, `${path}.port`);
    case 'sleep':
      return validateSleep(handler.sleep?.seconds ?? 0, gracePeriodSeconds, path);
  }
}

function validateHttpGet(action: Wire<V1HTTPGetAction>, path: string): FieldError[] {
  const scheme = action.scheme ?? 'HTTP';
  const schemes = ['HTTP', 'HTTPS'];
  return [
    ...(action.path === '' ? [required(`${path}.path`)] : []),
    ...validatePort(action.port, `${path}.port`),
    ...(schemes.includes(scheme) ? [] : [notSupported(`${path}.scheme`, scheme, schemes)]),
    ...(action.httpHeaders ?? []).flatMap((header) =>
      invalids(`${path}.httpHeaders`, header.name, httpHeaderName(header.name)),
    ),
  ];
}

function validateSleep(seconds: number, gracePeriodSeconds: number | undefined, path: string): FieldError[] {
  if (gracePeriodSeconds === undefined || (seconds >= 0 && seconds <= gracePeriodSeconds)) return [];
  const limit = `terminationGracePeriodSeconds (${gracePeriodSeconds})`;
  return [invalid(path, seconds, `must be non-negative and less than ${limit}`)];
}

/** A port by number or by name; an absent one is number 0. */
export function validatePort(port: unknown, path: string): FieldError[] {
  if (typeof port === 'string') return invalids(path, port, portName(port));
  const number = typeof port === 'number' ? port : 0;
  return invalids(path, number, portNumber(number));
}
