/** A Docker daemon with room for a node. */
import { RemediedError, type Step } from '../step.ts';

/** A node with Fabric takes some 0.8 GB. */
const MEMORY_BYTES_MIN = 2e9;

interface DockerInfo {
  readonly ServerVersion?: string;
  readonly MemTotal?: number;
  readonly CgroupVersion?: string;
  readonly OSType?: string;
  readonly ServerErrors?: readonly string[];
}

export const findDocker: Step = {
  name: 'find Docker',
  deadlineMs: 20_000,
  remedy: 'start Docker (or set DOCKER_HOST to a daemon that runs), and see that `docker info` works',
  async run(site, signal) {
    const { stdout } = await site.run('docker', ['info', '--format', '{{json .}}'], signal).catch((error: Error) => {
      if (/command not found|ENOENT/.test(`${error.message}`)) {
        throw new RemediedError(
          'there is no docker on the PATH',
          'install Docker: https://docs.docker.com/get-docker/',
        );
      }
      throw error;
    });
    const info = JSON.parse(stdout) as DockerInfo;
    check(info);
    const memory = ((info.MemTotal ?? 0) / 1e9).toFixed(1);
    return `Docker ${info.ServerVersion}, ${memory} GB of memory, cgroup v${info.CgroupVersion ?? '?'}`;
  },
};

/** Throws RemediedError for a daemon that cannot carry a node. */
export function check(info: DockerInfo): void {
  const [refusal] = info.ServerErrors ?? [];
  if (refusal !== undefined || !info.ServerVersion) {
    throw new RemediedError(refusal ?? 'no daemon answers', findDocker.remedy);
  }
  if (info.OSType !== undefined && info.OSType !== 'linux') {
    throw new RemediedError(`Docker runs ${info.OSType} containers`, 'switch Docker to Linux containers');
  }
  if ((info.MemTotal ?? 0) < MEMORY_BYTES_MIN) {
    throw new RemediedError(
      `Docker has ${((info.MemTotal ?? 0) / 1e9).toFixed(1)} GB of memory, a node wants ${MEMORY_BYTES_MIN / 1e9} GB`,
      'give Docker more memory (Docker Desktop: Settings, Resources)',
    );
  }
}
