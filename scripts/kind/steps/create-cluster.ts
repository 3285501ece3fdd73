/** The cluster itself: `kind create cluster` with our configuration and, where it is named, our node image. */
import { join } from 'node:path';
import { RemediedError, type Step } from '../step.ts';

export const createCluster: Step = {
  name: 'create the cluster',
  deadlineMs: 300_000,
  remedy:
    'try again with --retain and look into it: kind export logs --name NAME; a machine that is very busy may be too slow',
  async run(site, signal) {
    if (site.isThere) return 'it is there';
    const image = process.env.ORRERY_KIND_IMAGE;
    const parameters = ['create', 'cluster', '--name', site.wish.name, '--wait', '180s'];
    parameters.push('--config', join(site.folder, 'kind-config.yaml'), '--kubeconfig', site.kubeconfig);
    if (image) parameters.push('--image', image);
    if (site.wish.retain) parameters.push('--retain');
    try {
      await site.run('kind', parameters, signal);
    } catch (error) {
      throw remedied(String((error as { stderr?: string }).stderr ?? error));
    }
    return image ?? 'kind’s own node image';
  },
};

const known: readonly (readonly [RegExp, string])[] = [
  [/port is already allocated|address already in use/i, 'end what listens on that port, or choose another --name'],
  [/cgroup/i, 'see which version `docker info` tells; kind needs cgroup v2, or v1 with systemd or cgroupns=private'],
  [
    /pull access denied|failed to pull|no such host|not found: manifest|dial tcp/i,
    'set ORRERY_KIND_IMAGE to a node image that Docker has',
  ],
  [/no space left/i, 'free disk space: docker system df, docker system prune'],
  [/too many open files/i, 'raise fs.inotify.max_user_instances and max_user_watches (kind’s known issues)'],
  [/oom|out of memory|cannot allocate memory/i, 'give Docker more memory; a node wants 2 GB'],
];

/** Names the remedy of what kind says where it is known. */
export function remedied(words: string): Error {
  const what = errorLines(words);
  const match = known.find(([pattern]) => pattern.test(what));
  return match ? new RemediedError(what, match[1]) : new Error(what);
}

const LINES_MAX = 8;

/** kind prints what kubeadm did at length; the reason stands in lines of their own. */
function errorLines(words: string): string {
  const lines = words.trim().split('\n');
  const errors = lines.filter((line) =>
    /^(?:ERROR|error|fatal|\[ERROR|Command Output)\b|level=fatal/.test(line.trim()),
  );
  return (errors.length > 0 ? errors : lines).slice(-LINES_MAX).join('\n');
}
