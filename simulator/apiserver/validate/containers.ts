/** Containers of a pod: what all have in common, then what main, init and ephemeral ones differ in. */
import type { V1ContainerPort, V1SecurityContext } from '@kubernetes/client-node';
import type { Container, Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { dnsLabel, portName, portNumber, userId } from '../schema/names.ts';
import { validateEnvironment, validateEnvironmentFrom } from './environment-variables.ts';
import {
  duplicate,
  forbidden,
  goStructure,
  invalid,
  invalids,
  notSupported,
  oneOf,
  required,
  tooMany,
} from './field.ts';
import { validateProbesAndHooks } from './probes.ts';
import { validateResources } from './resources.ts';
import { validateVolumeMounts } from './volumes.ts';

/** What containers need to know of their pod. */
export interface PodContext {
  readonly volumes: ReadonlySet<string>;
  readonly claims: ReadonlySet<string>;
  readonly gracePeriodSeconds: number | undefined;
}

export function validateMainContainers(
  containers: readonly Container[],
  context: PodContext,
  path: string,
): FieldError[] {
  if (containers.length === 0) return [required(path)];
  const names = new Set<string>();
  const errors = containers.flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const repeated = names.has(container.name) ? [duplicate(`${at}.name`, container.name)] : [];
    names.add(container.name);
    return [
      ...validateCommon(container, context, at),
      ...repeated,
      ...validateProbesAndHooks(container, context.gracePeriodSeconds, at),
      ...validateOwnRestartPolicy(container, at),
    ];
  });
  return [...errors, ...validateHostPorts(containers, path)];
}

export function validateInitContainers(
  containers: readonly Container[],
  main: readonly Container[],
  context: PodContext,
  path: string,
): FieldError[] {
  const names = new Set(main.map((container) => container.name));
  return containers.flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const repeated = names.has(container.name) ? [duplicate(`${at}.name`, container.name)] : [];
    if (container.name) names.add(container.name);
    return [
      ...validateCommon(container, context, at),
      ...validateOwnRestartPolicy(container, at),
      ...repeated,
      ...validateHostPorts([container], path),
      ...(container.restartPolicy === 'Always'
        ? validateProbesAndHooks(container, context.gracePeriodSeconds, at)
        : validateNoProbes(container, at)),
    ];
  });
}

function validateNoProbes(container: Container, path: string): FieldError[] {
  return (['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
    .filter((member) => container[member])
    .map((member) => forbidden(`${path}.${member}`, 'may not be set for init containers without restartPolicy=Always'));
}

const restartActions = ['Restart', 'RestartAllContainers'];

function validateOwnRestartPolicy(container: Container, path: string): FieldError[] {
  const { restartPolicy: policy, restartPolicyRules: rules = [] } = container;
  const policies = ['Always', 'Never', 'OnFailure'];
  const at = `${path}.restartPolicyRules`;
  const errors: FieldError[] = [];
  if (policy === undefined) {
    if (rules.length === 0) return [];
    errors.push(required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used'));
  } else if (!policies.includes(policy)) {
    errors.push(notSupported(`${path}.restartPolicy`, policy, policies));
  }
  if (rules.length > 20) errors.push(tooMany(at, rules.length, 20));
  for (const [index, rule] of rules.entries()) {
    if (!restartActions.includes(rule.action)) {
      errors.push(notSupported(`${at}[${index}].action`, rule.action, restartActions));
    }
    if (!rule.exitCodes) errors.push(required(`${at}[${index}].exitCodes`, 'must be specified'));
  }
  return errors;
}

function validateCommon(container: Container, context: PodContext, path: string): FieldError[] {
  const name = container.name ?? '';
  return [
    ...(name === '' ? [required(`${path}.name`)] : invalids(`${path}.name`, name, dnsLabel(name))),
    ...(container.image ? [] : [required(`${path}.image`)]),
    ...oneOf(`${path}.terminationMessagePolicy`, container.terminationMessagePolicy, messagePolicies),
    ...validatePorts(container.ports ?? [], `${path}.ports`),
    ...validateEnvironment(container.env ?? [], `${path}.env`),
    ...validateEnvironmentFrom(container.envFrom ?? [], `${path}.envFrom`),
    ...validateVolumeMounts(container, context.volumes, `${path}.volumeMounts`),
    ...oneOf(`${path}.imagePullPolicy`, container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']),
    ...validateResources(container.resources, context.claims, `${path}.resources`),
    ...validateSecurityContext(container.securityContext, `${path}.securityContext`),
  ];
}

const messagePolicies = ['File', 'FallbackToLogsOnError'];
const protocols = ['SCTP', 'TCP', 'UDP'];

function validatePorts(ports: readonly Wire<V1ContainerPort>[], path: string): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const at = `${path}[${index}]`;
    const number = port.containerPort ?? 0;
    return [
      ...validatePortName(port.name ?? '', names, `${at}.name`),
      ...(number === 0
        ? [required(`${at}.containerPort`)]
        : invalids(`${at}.containerPort`, number, portNumber(number))),
      ...(port.hostPort ? invalids(`${at}.hostPort`, port.hostPort, portNumber(port.hostPort)) : []),
      ...oneOf(`${at}.protocol`, port.protocol, protocols),
    ];
  });
}

function validatePortName(name: string, names: Set<string>, path: string): FieldError[] {
  if (name === '') return [];
  const reasons = portName(name);
  if (reasons.length > 0) return invalids(path, name, reasons);
  if (names.has(name)) return [duplicate(path, name)];
  names.add(name);
  return [];
}

/** Two containers of a pod cannot hold the same port of the node. */
function validateHostPorts(containers: readonly Container[], path: string): FieldError[] {
  const taken = new Set<string>();
  const errors: FieldError[] = [];
  for (const [index, container] of containers.entries()) {
    for (const [portIndex, port] of (container.ports ?? []).entries()) {
      if (!port.hostPort) continue;
      const key = `${port.protocol}/${port.hostIP ?? ''}/${port.hostPort}`;
      if (taken.has(key)) errors.push(duplicate(`${path}[${index}].ports[${portIndex}].hostPort`, key));
      taken.add(key);
    }
  }
  return errors;
}

/** Upstream's order of members, for its way of printing them. */
const contextMembers = [
  ...['capabilities', 'privileged', 'SELinuxOptions', 'windowsOptions', 'runAsUser', 'runAsGroup', 'runAsNonRoot'],
  ...['readOnlyRootFilesystem', 'allowPrivilegeEscalation', 'procMount', 'seccompProfile', 'appArmorProfile'],
];

function validateSecurityContext(context: Wire<V1SecurityContext> | undefined, path: string): FieldError[] {
  if (!context) return [];
  const { runAsUser, runAsGroup, allowPrivilegeEscalation: escalation, privileged, procMount } = context;
  const shown = goStructure(context, contextMembers);
  const errors: FieldError[] = [];
  if (runAsUser !== undefined) errors.push(...invalids(`${path}.runAsUser`, runAsUser, userId(runAsUser)));
  if (runAsGroup !== undefined) errors.push(...invalids(`${path}.runAsGroup`, runAsGroup, userId(runAsGroup)));
  if (procMount !== undefined && !['Default', 'Unmasked'].includes(procMount)) {
    errors.push(notSupported(`${path}.procMount`, procMount, ['Default', 'Unmasked']));
  }
  if (escalation === false && privileged) {
    errors.push(invalid(path, shown, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'));
  }
  if (escalation === false && context.capabilities?.add?.includes('CAP_SYS_ADMIN')) {
    const detail = 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN';
    errors.push(invalid(path, shown, detail));
  }
  return errors;
}
