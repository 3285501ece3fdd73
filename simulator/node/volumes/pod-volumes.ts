/**
 * The volumes of pods as folders of the node: made when a container first mounts them, gone with the pod (of
 * `hostPath`: with the node).
 */
import type { Container } from '../../../kubernetes/objects.ts';
import type { Files } from '../../../world/files.ts';
import type { EnvironmentContext } from '../container-environment.ts';
import { expand } from '../expansion.ts';
import { type Mount, plainPath } from './container-files.ts';
import { contentOf, type Volume, VolumeError } from './volume-content.ts';

export interface PodVolumesOptions {
  readonly files: Files;
  /** Of the node's pods; a pod's own folder in it is named by its uid. */
  readonly folder: string;
}

export interface MountRequest {
  readonly container: Container;
  readonly environment: Readonly<Record<string, string>>;
  readonly context: EnvironmentContext;
  /** Programs in virtual time have no use for a token: its volume is left out for them. */
  readonly withToken: boolean;
}

export class PodVolumes {
  readonly #files: Files;
  readonly #folder: string;

  constructor({ files, folder }: PodVolumesOptions) {
    this.#files = files;
    this.#folder = folder;
  }

  /** Makes what the container mounts ready. Rejects with VolumeError when a volume cannot be had as it is described. */
  async mountsOf({ container, environment, context, withToken }: MountRequest): Promise<Mount[]> {
    const mounts: Mount[] = [];
    for (const { name, mountPath, subPath, subPathExpr, readOnly } of container.volumeMounts ?? []) {
      const volume = volumeNamed(name, context);
      if (!volume || !isSimulated(volume) || (holdsToken(volume) && !withToken)) continue;
      const inside = subPath ?? expand(subPathExpr ?? '', environment);
      const folder = await this.#ready(volume, context);
      refuseBacksteps(inside, `the subPath of volume mount ${name}`);
      if (inside !== '') await this.#makeInside(`${folder}/${inside}`);
      mounts.push({
        path: plainPath(mountPath),
        folder: inside === '' ? folder : `${folder}/${inside}`,
        readOnly: readOnly ?? !isWritable(volume),
      });
    }
    return mounts;
  }

  /** Where a container instance keeps what lies in no volume. */
  rootOf(podUid: string, container: string, instance: number): string {
    return `${this.#folder}/${podUid}/files.d/${container}/${instance}`;
  }

  async #ready(volume: Volume, context: EnvironmentContext): Promise<string> {
    const { hostPath } = volume;
    // Beside the pods: what is on the node outlives them.
    if (hostPath) return this.#hostFolder(volume.name, hostPath.path, hostPath.type ?? '');
    const folder = `${this.#folder}/${context.pod.metadata?.uid}/volumes.d/${volume.name}`;
    await this.#files.makeFolder(folder);
    for (const [path, content] of (await contentOf(volume, context)) ?? []) {
      refuseBacksteps(path, `a path of volume ${volume.name}`);
      await this.#files.write(`${folder}/${path}`, content);
    }
    return folder;
  }

  /** A node of the simulation has a disk of its own: its `/tmp` is not the machine's. */
  async #hostFolder(volume: string, path: string, type: string): Promise<string> {
    const folder = `${this.#folder}/host.d${plainPath(path)}`;
    if (type === '' || type === 'DirectoryOrCreate') {
      await this.#files.makeFolder(folder);
      return folder;
    }
    const status = await this.#files.status(folder);
    if (type === 'FileOrCreate' && !status) await this.#files.write(folder, '');
    else if (!status) throw new VolumeError(`hostPath type check failed: ${path} of volume ${volume} is not a ${type}`);
    return folder;
  }

  async #makeInside(path: string): Promise<void> {
    if (!(await this.#files.status(path))) await this.#files.makeFolder(path);
  }
}

/**
 * A variable in a subPath may hold anything (upstream: volume/validation ValidatePathNoBacksteps). Throws VolumeError.
 */
function refuseBacksteps(path: string, what: string): void {
  if (path.split('/').includes('..')) throw new VolumeError(`${what} must not contain '..': ${path}`);
}

/** Names of the volumes that the container mounts and that this node does not have. */
export function missingVolumes(container: Container, volumes: readonly Volume[]): string[] {
  const mounted = (container.volumeMounts ?? []).map(({ name }) => volumes.find((volume) => volume.name === name));
  return mounted.filter((volume) => volume !== undefined && !isSimulated(volume)).map((volume) => volume?.name ?? '');
}

function isSimulated(volume: Volume): boolean {
  const { emptyDir, hostPath, configMap, secret, downwardAPI, projected } = volume;
  return [emptyDir, hostPath, configMap, secret, downwardAPI, projected].some((source) => source !== undefined);
}

function isWritable({ emptyDir, hostPath }: Volume): boolean {
  return emptyDir !== undefined || hostPath !== undefined;
}

function holdsToken({ projected }: Volume): boolean {
  return projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken !== undefined) ?? false;
}

function volumeNamed(name: string, { pod }: EnvironmentContext): Volume | undefined {
  return pod.spec?.volumes?.find((volume) => volume.name === name);
}
