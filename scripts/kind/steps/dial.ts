/** What is called ready answers: a Service by its name from a pod, Fabric from this machine. */
import { setTimeout as sleep } from 'node:timers/promises';
import { imageName } from '../../images/contents.ts';
import type { Site } from '../site.ts';
import type { Step } from '../step.ts';

const POD = 'orrery-dial';
/** CoreDNS tells its own metrics over plain HTTP: a name, a Service and a route in one request. */
const DNS_URL = 'http://kube-dns.kube-system.svc.cluster.local:9153/metrics';
const GATEWAY_URL = 'http://gateway.fabric.svc.cluster.local:8080/readyz';

export const dialFromPod: Step = {
  name: 'dial a Service from a pod',
  deadlineMs: 120_000,
  remedy: `look at what the pod said: kubectl logs ${POD}; and at kube-proxy and coredns in kube-system`,
  async run(site, signal) {
    const image = imageName({ name: 'actor' }, site.images?.tag ?? '');
    const url = site.wish.host ? DNS_URL : GATEWAY_URL;
    for (let attempt = 1; ; attempt++) {
      await removePod(site, signal);
      const options = ['--restart=Never', '--image-pull-policy=IfNotPresent', '--image', image];
      await site.run('kubectl', ['run', POD, ...options, '--', `http GET ${url}`], signal);
      if ((await endOf(site, signal)) === 'Succeeded') {
        await removePod(site, signal);
        return attempt === 1 ? `${url} answers` : `${url} answers, at the ${attempt}th attempt`;
      }
      await sleep(500, undefined, { signal });
    }
  },
};

export const dialFromHost: Step = {
  name: 'dial gateway and content from this machine',
  deadlineMs: 60_000,
  remedy: 'see whether a proxy or a firewall stands between this machine and Docker’s published ports',
  async run(site, signal) {
    for (const port of Object.values(site.ports ?? {})) {
      while (!(await answers(`http://127.0.0.1:${port}/readyz`, signal))) await sleep(200, undefined, { signal });
    }
    return 'both are ready';
  },
};

async function removePod(site: Site, signal: AbortSignal): Promise<void> {
  await site.run('kubectl', ['delete', 'pod', POD, '--ignore-not-found', '--now'], signal);
}

/** The pod's phase when it has ended. */
async function endOf(site: Site, signal: AbortSignal): Promise<string> {
  for (;;) {
    const { stdout } = await site.run('kubectl', ['get', 'pod', POD, '-o', 'jsonpath={.status.phase}'], signal);
    if (stdout === 'Succeeded' || stdout === 'Failed') return stdout;
    await sleep(300, undefined, { signal });
  }
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) })).status === 200;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
