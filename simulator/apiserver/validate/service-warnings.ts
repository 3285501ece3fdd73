/**
 * What of a Service is accepted and ignored, or on its way out. Source: upstream GetWarningsForService
 * (pkg/api/service/warnings.go).
 */
import type { V1Service } from '@kubernetes/client-node';
import { quote } from '../../../cron/go-text.ts';
import type { Wire } from '../../../kubernetes/objects.ts';

type Spec = Partial<NonNullable<Wire<V1Service>['spec']>>;

export function warnAboutService({ spec = {} as Spec }: Wire<V1Service>): string[] {
  const { type, externalIPs = [], externalName, trafficDistribution: distribution } = spec as Spec;
  return [
    ...(spec.clusterIP === 'None' ? ignoredWithoutAddress(spec) : []),
    ...(type !== 'ExternalName' && externalName
      ? ['spec.externalName is ignored when spec.type is not "ExternalName"']
      : []),
    ...(distribution === 'PreferClose'
      ? [`spec.trafficDistribution: ${quote(distribution)} is deprecated; use "PreferSameZone"`]
      : []),
    ...(externalIPs.length > 0 && spec.clusterIP !== 'None' ? [externalAddresses(type)] : []),
  ];
}

function externalAddresses(type: string | undefined): string {
  return type === 'ExternalName'
    ? 'spec.externalIPs is ignored when spec.type is "ExternalName"'
    : 'spec.externalIPs is deprecated and may no longer be implemented in some clusters';
}

function ignoredWithoutAddress({ loadBalancerIP, externalIPs = [], sessionAffinity = 'None' }: Spec): string[] {
  return [
    ...(loadBalancerIP ? ['spec.loadBalancerIP is ignored for headless services'] : []),
    ...(externalIPs.length > 0 ? ['spec.externalIPs is ignored for headless services'] : []),
    ...(sessionAffinity === 'None' ? [] : ['spec.SessionAffinity is ignored for headless services']),
  ];
}
