/** What a container asks for and this agent does not do. An event says so: nobody shall wait for a probe that never comes. */
import type { Container } from '../../kubernetes/objects.ts';

/** Names of the members, as in the container's spec. */
export function notSimulated(container: Container): string[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle, volumeMounts = [], volumeDevices = [] } = container;
  const { exec, httpGet } = lifecycle?.preStop ?? {};
  const asked: Readonly<Record<string, boolean>> = {
    livenessProbe: livenessProbe !== undefined,
    readinessProbe: readinessProbe !== undefined,
    startupProbe: startupProbe !== undefined,
    'lifecycle.postStart': lifecycle?.postStart !== undefined,
    'lifecycle.preStop': exec !== undefined || httpGet !== undefined,
    volumeMounts: volumeMounts.length > 0,
    volumeDevices: volumeDevices.length > 0,
  };
  return Object.keys(asked).filter((member) => asked[member]);
}
