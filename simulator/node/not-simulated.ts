/**
 * What a container asks for and this agent does not do. An event says so: nobody shall wait for a probe that never
 * comes.
 */
import type { Container, Pod } from '../../kubernetes/objects.ts';
import { canAsk } from './probe-handlers.ts';
import { missingVolumes } from './volumes/pod-volumes.ts';

/** Names of the members, as in the container's spec. */
export function notSimulated(container: Container, pod: Pod): string[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle, volumeDevices = [] } = container;
  const { exec, httpGet } = lifecycle?.preStop ?? {};
  const asked: Readonly<Record<string, boolean>> = {
    livenessProbe: livenessProbe !== undefined && !canAsk(livenessProbe),
    readinessProbe: readinessProbe !== undefined && !canAsk(readinessProbe),
    startupProbe: startupProbe !== undefined && !canAsk(startupProbe),
    'lifecycle.postStart': lifecycle?.postStart !== undefined,
    'lifecycle.preStop': exec !== undefined || httpGet !== undefined,
    volumeMounts: missingVolumes(container, pod.spec?.volumes ?? []).length > 0,
    volumeDevices: volumeDevices.length > 0,
  };
  return Object.keys(asked).filter((member) => asked[member]);
}
