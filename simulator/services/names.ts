/**
 * What a host name means in a cluster. Pure. Source: the specification of DNS-based service discovery in Kubernetes,
 * 1.1.0.
 */

export interface ServiceName {
  readonly service: string;
  /** Absent in a name without dots: the asker's own is meant. */
  readonly namespace?: string;
  /** Of one pod behind a headless Service. */
  readonly hostname?: string;
}

const serviceZone = /\.svc(?:\.cluster\.local)?\.?$/;

/** Whether the name can only be one of the cluster's: nobody outside is asked for it. */
export function isOfCluster(host: string): boolean {
  return serviceZone.test(host) || /\.cluster\.local\.?$/.test(host);
}

/**
 * `SERVICE`, `SERVICE.NAMESPACE`, `SERVICE.NAMESPACE.svc` and `SERVICE.NAMESPACE.svc.cluster.local`, or of one pod
 * behind it.
 */
export function parseServiceName(host: string): ServiceName | undefined {
  const labels = host.replace(serviceZone, '').split('.');
  const [first = '', second, third] = labels;
  if (labels.length === 3 && second !== undefined && third !== undefined && serviceZone.test(host)) {
    return { hostname: first, service: second, namespace: third };
  }
  if (labels.length === 2 && second !== undefined) return { service: first, namespace: second };
  return labels.length === 1 ? { service: first } : undefined;
}
