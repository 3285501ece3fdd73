/**
 * Defaults of pods and pod templates. Source: semantics 3.1; upstream SetDefaults_PodSpec, _Container, _Probe, _Volume,
 * _Pod.
 */
import type { V1PodSpec, V1Probe, V1Volume } from '@kubernetes/client-node';
import type { Container, Pod, PodTemplate, Wire } from '../../../kubernetes/objects.ts';
import { canonicalQuantity, parseQuantity, roundUpToMilli } from '../validate/quantity.ts';
import { defaultPullPolicy } from './image.ts';

type PodSpec = Wire<V1PodSpec>;
type Probe = Wire<V1Probe>;
type Volume = Wire<V1Volume>;
type Amounts = { [name: string]: string };

/** A template's spec gets its defaults even where none was given. */
export function defaultPodTemplate<T extends PodTemplate>(template: T): T {
  return { ...template, spec: defaultPodSpec(template.spec ?? ({} as PodSpec)) };
}

export function defaultPod(pod: Pod): Pod {
  const spec = defaultPodSpec(pod.spec ?? ({} as PodSpec));
  return {
    ...pod,
    spec: {
      ...spec,
      ...defaultPodResources(spec),
      ...(spec.containers ? { containers: spec.containers.map((one) => ofPod(one, spec)) } : {}),
      ...(spec.initContainers ? { initContainers: spec.initContainers.map((one) => ofPod(one, spec)) } : {}),
      enableServiceLinks: spec.enableServiceLinks ?? true,
    },
  };
}

/** Requests for the pod as a whole follow its limits. */
function defaultPodResources({ resources }: PodSpec): Partial<PodSpec> {
  if (!resources?.limits) return {};
  const { limits, requests } = resources;
  return { resources: { ...resources, requests: { ...limits, ...requests } } };
}

/** What only a pod's own containers get: requests from limits, and host ports when the pod uses its node's network. */
function ofPod(container: Container, spec: PodSpec): Container {
  const { limits, requests } = container.resources ?? {};
  const result = limits
    ? { ...container, resources: { ...container.resources, requests: { ...limits, ...requests } } }
    : container;
  if (!spec.hostNetwork || !container.ports) return result;
  return {
    ...result,
    ports: container.ports.map((port) => ({ ...port, hostPort: port.hostPort || port.containerPort })),
  };
}

function defaultPodSpec(spec: PodSpec): PodSpec {
  return {
    ...spec,
    ...(spec.volumes ? { volumes: spec.volumes.map(defaultVolume) } : {}),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(defaultContainer) } : {}),
    ...(spec.containers ? { containers: spec.containers.map(defaultContainer) } : {}),
    ...(spec.overhead ? { overhead: canonicalAmounts(spec.overhead) } : {}),
    restartPolicy: spec.restartPolicy || 'Always',
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    dnsPolicy: spec.dnsPolicy || 'ClusterFirst',
    ...defaultAccount(spec),
    securityContext: spec.securityContext ?? {},
    schedulerName: spec.schedulerName || 'default-scheduler',
  };
}

/** The old name of the account's member is kept equal to the new one. */
function defaultAccount(spec: PodSpec): Partial<PodSpec> {
  const name = spec.serviceAccountName || spec.serviceAccount;
  return name ? { serviceAccountName: name, serviceAccount: name } : {};
}

function defaultContainer(container: Container): Container {
  const { ports, env, resources, livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  return {
    ...container,
    ...(ports ? { ports: ports.map((port) => ({ ...port, protocol: port.protocol || 'TCP' })) } : {}),
    ...(env ? { env: env.map(defaultVariable) } : {}),
    resources: canonicalResources(resources ?? {}),
    ...(livenessProbe ? { livenessProbe: defaultProbe(livenessProbe) } : {}),
    ...(readinessProbe ? { readinessProbe: defaultProbe(readinessProbe) } : {}),
    ...(startupProbe ? { startupProbe: defaultProbe(startupProbe) } : {}),
    ...(lifecycle ? { lifecycle: defaultLifecycle(lifecycle) } : {}),
    terminationMessagePath: container.terminationMessagePath || '/dev/termination-log',
    terminationMessagePolicy: container.terminationMessagePolicy || 'File',
    imagePullPolicy: container.imagePullPolicy || defaultPullPolicy(container.image ?? ''),
  };
}

type Variable = NonNullable<Container['env']>[number];

function defaultVariable(variable: Variable): Variable {
  const from = variable.valueFrom;
  if (!from) return variable;
  return {
    ...variable,
    valueFrom: {
      ...from,
      ...(from.fieldRef ? { fieldRef: { ...from.fieldRef, apiVersion: from.fieldRef.apiVersion || 'v1' } } : {}),
      ...(from.resourceFieldRef
        ? { resourceFieldRef: { ...from.resourceFieldRef, divisor: from.resourceFieldRef.divisor ?? '0' } }
        : {}),
      ...(from.fileKeyRef ? { fileKeyRef: { ...from.fileKeyRef, optional: from.fileKeyRef.optional ?? false } } : {}),
    },
  };
}

function canonicalResources(resources: NonNullable<Container['resources']>): NonNullable<Container['resources']> {
  const { limits, requests } = resources;
  return {
    ...resources,
    ...(limits ? { limits: canonicalAmounts(limits) } : {}),
    ...(requests ? { requests: canonicalAmounts(requests) } : {}),
  };
}

/** Amounts in their canonical text, rounded up to thousandths. */
export function canonicalAmounts(amounts: Amounts): Amounts {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, text]) => {
      const quantity = parseQuantity(String(text));
      return [name, quantity ? canonicalQuantity(roundUpToMilli(quantity)) : text];
    }),
  );
}

function defaultProbe(probe: Probe): Probe {
  return {
    ...defaultHandler(probe),
    ...(probe.grpc ? { grpc: { ...probe.grpc, service: probe.grpc.service ?? '' } } : {}),
    timeoutSeconds: probe.timeoutSeconds || 1,
    periodSeconds: probe.periodSeconds || 10,
    successThreshold: probe.successThreshold || 1,
    failureThreshold: probe.failureThreshold || 3,
  };
}

function defaultHandler<T extends { httpGet?: Probe['httpGet'] }>(handler: T): T {
  const action = handler.httpGet;
  if (!action) return handler;
  return { ...handler, httpGet: { ...action, path: action.path || '/', scheme: action.scheme || 'HTTP' } };
}

function defaultLifecycle(lifecycle: NonNullable<Container['lifecycle']>): NonNullable<Container['lifecycle']> {
  const { postStart, preStop } = lifecycle;
  return {
    ...lifecycle,
    ...(postStart ? { postStart: defaultHandler(postStart) } : {}),
    ...(preStop ? { preStop: defaultHandler(preStop) } : {}),
  };
}

const defaultMode = 0o644;

function defaultVolume(volume: Volume): Volume {
  const { secret, configMap, downwardAPI, projected, hostPath, image } = volume;
  if (Object.keys(volume).every((member) => member === 'name')) return { ...volume, emptyDir: {} };
  return {
    ...volume,
    ...(secret ? { secret: { ...secret, defaultMode: secret.defaultMode ?? defaultMode } } : {}),
    ...(configMap ? { configMap: { ...configMap, defaultMode: configMap.defaultMode ?? defaultMode } } : {}),
    ...(downwardAPI
      ? {
          downwardAPI: {
            ...downwardAPI,
            ...(downwardAPI.items ? { items: downwardAPI.items.map(defaultDownwardFile) } : {}),
            defaultMode: downwardAPI.defaultMode ?? defaultMode,
          },
        }
      : {}),
    ...(projected ? { projected: defaultProjected(projected) } : {}),
    ...(hostPath ? { hostPath: { ...hostPath, type: hostPath.type ?? '' } } : {}),
    ...(image ? { image: { ...image, pullPolicy: image.pullPolicy || defaultPullPolicy(image.reference ?? '') } } : {}),
  };
}

type DownwardFile = NonNullable<NonNullable<Volume['downwardAPI']>['items']>[number];

function defaultDownwardFile(file: DownwardFile): DownwardFile {
  return {
    ...file,
    ...(file.fieldRef ? { fieldRef: { ...file.fieldRef, apiVersion: file.fieldRef.apiVersion || 'v1' } } : {}),
    ...(file.resourceFieldRef
      ? { resourceFieldRef: { ...file.resourceFieldRef, divisor: file.resourceFieldRef.divisor ?? '0' } }
      : {}),
  };
}

type Projected = NonNullable<Volume['projected']>;

function defaultProjected(projected: Projected): Projected {
  return {
    ...projected,
    ...(projected.sources
      ? {
          sources: projected.sources.map((source) => ({
            ...source,
            ...(source.downwardAPI?.items
              ? { downwardAPI: { ...source.downwardAPI, items: source.downwardAPI.items.map(defaultDownwardFile) } }
              : {}),
            ...(source.serviceAccountToken
              ? {
                  serviceAccountToken: {
                    ...source.serviceAccountToken,
                    expirationSeconds: source.serviceAccountToken.expirationSeconds ?? 3600,
                  },
                }
              : {}),
          })),
        }
      : {}),
    defaultMode: projected.defaultMode ?? defaultMode,
  };
}
