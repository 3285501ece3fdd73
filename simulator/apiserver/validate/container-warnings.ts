/** Warnings about containers: fractional bytes, variables and ports defined twice. */
import { quote } from '../../../cron/go-text.ts';
import type { Container, PodTemplate } from '../../../kubernetes/objects.ts';
import { isFractional, parseQuantity } from './quantity.ts';

type Spec = Partial<NonNullable<PodTemplate['spec']>>;
type Port = NonNullable<Container['ports']>[number];

export function warnAboutContainers(spec: Spec, prefix: string): string[] {
  const lists = (['initContainers', 'containers'] as const).flatMap((member) =>
    (spec[member] ?? []).map((container, index) => ({ container, path: `${prefix}spec.${member}[${index}]` })),
  );
  const ports = new Map<string, { path: string; port: Port }[]>();
  const names = new Map<string, string>();
  return [
    ...lists.flatMap(({ container, path }) => [
      ...fractionalBytes(container, path),
      ...hiddenVariables(container, path),
    ]),
    ...lists.flatMap(({ container, path }) => repeatedPorts(container, path, ports)),
    ...lists.flatMap(({ container, path }) => repeatedPortNames(container, path, names)),
  ];
}

function fractionalBytes(container: Container, path: string): string[] {
  return ['memory', 'ephemeral-storage'].flatMap((name) =>
    (['limits', 'requests'] as const).flatMap((member) => {
      const text = container.resources?.[member]?.[name];
      const quantity = text === undefined ? undefined : parseQuantity(String(text));
      if (!quantity || !isFractional(quantity)) return [];
      const field = `${path}.resources.${member}[${name}]`;
      return [`${field}: fractional byte value ${quote(text ?? '')} is invalid, must be an integer`];
    }),
  );
}

/** A later definition of a variable is fine only if it builds on the earlier one. */
function hiddenVariables(container: Container, path: string): string[] {
  const variables = container.env ?? [];
  const seen = new Set<string>();
  return variables.flatMap((variable, index) => {
    if (!seen.has(variable.name)) {
      seen.add(variable.name);
      return [];
    }
    const reference = `$(${variable.name})`;
    const value = variable.value ?? '';
    if (!variable.valueFrom && value !== reference && value.includes(reference)) return [];
    const name = quote(variable.name);
    return [`${path}.env[${index}]: hides previous definition of ${name}, which may be dropped when using apply`];
  });
}

function repeatedPorts(
  container: Container,
  path: string,
  known: Map<string, { path: string; port: Port }[]>,
): string[] {
  return (container.ports ?? []).flatMap((port, index) => {
    const at = `${path}.ports[${index}]`;
    const key = `${port.containerPort}/${port.protocol}`;
    const others = known.get(key) ?? [];
    known.set(key, [...others, { path: at, port }]);
    return others.flatMap((other) => portClash(port, other.port).map((words) => `${at}: ${words} with ${other.path}`));
  });
}

function portClash(port: Port, other: Port): string[] {
  const [hostPort, otherHostPort] = [port.hostPort ?? 0, other.hostPort ?? 0];
  const [hostIp, otherHostIp] = [port.hostIP ?? '', other.hostIP ?? ''];
  if (hostIp === otherHostIp && hostPort === otherHostPort) return ['duplicate port definition'];
  if (hostPort === 0 || otherHostPort === 0) return ['overlapping port definition'];
  const oneOpen = (hostIp === '') !== (otherHostIp === '');
  return hostPort === otherHostPort && oneOpen ? ['dangerously ambiguous port definition'] : [];
}

function repeatedPortNames(container: Container, path: string, names: Map<string, string>): string[] {
  return (container.ports ?? []).flatMap((port, index) => {
    const at = `${path}.ports[${index}]`;
    const other = port.name ? names.get(port.name) : undefined;
    if (port.name && other === undefined) names.set(port.name, at);
    if (other === undefined) return [];
    const use = `services and probes that select ports by name will use ${other}`;
    return [`${at}: duplicate port name ${quote(port.name ?? '')} with ${other}, ${use}`];
  });
}
