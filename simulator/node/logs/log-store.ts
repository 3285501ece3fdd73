/** Where the logs of a node lie: one file for each container instance, the present and the previous one kept. */
import type { World } from '../../../world/world.ts';
import { ContainerLog, type LogRotation } from './container-log.ts';

export class LogStore {
  readonly #world: World;
  readonly #folder: string;
  readonly #rotation: LogRotation;
  readonly #logs = new Map<string, ContainerLog>();

  constructor(world: World, folder: string, rotation: LogRotation) {
    this.#world = world;
    this.#folder = folder;
    this.#rotation = rotation;
  }

  /** Begins the log of an instance and removes that of the last but one. */
  async create(podUid: string, container: string, instance: number): Promise<ContainerLog> {
    const log = new ContainerLog(this.#world, this.#path(podUid, container, instance), this.#rotation);
    this.#logs.set(key(podUid, container, instance), log);
    if (instance >= 2) await this.#remove(podUid, container, instance - 2);
    return log;
  }

  async find(podUid: string, container: string, instance: number): Promise<ContainerLog | undefined> {
    return (
      this.#logs.get(key(podUid, container, instance)) ??
      (await ContainerLog.find(this.#world, this.#path(podUid, container, instance)))
    );
  }

  async removePod(podUid: string): Promise<void> {
    for (const name of this.#logs.keys()) if (name.startsWith(`${podUid}/`)) this.#logs.delete(name);
    await this.#world.files.remove(`${this.#folder}/${podUid}`);
  }

  async #remove(podUid: string, container: string, instance: number): Promise<void> {
    this.#logs.delete(key(podUid, container, instance));
    const path = this.#path(podUid, container, instance);
    const folder = path.slice(0, path.lastIndexOf('/'));
    for (const name of await this.#world.files.list(folder)) {
      if (name.startsWith(`${instance}.log`)) await this.#world.files.remove(`${folder}/${name}`);
    }
  }

  /** Where the files of a container's instances lie. */
  folderOf(podUid: string, container: string): string {
    return `${this.#folder}/${podUid}/${container}`;
  }

  #path(podUid: string, container: string, instance: number): string {
    return `${this.folderOf(podUid, container)}/${instance}.log`;
  }
}

function key(podUid: string, container: string, instance: number): string {
  return `${podUid}/${container}/${instance}`;
}
