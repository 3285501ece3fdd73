/** What a command works with: the World, where it writes, who runs it, and the gateway that it asks. */
import type { World } from '../../world/world.ts';
import { type GatewayClient, openGateway } from './gateway/client.ts';
import { type AccessFlags, resolveAccess } from './settings/access.ts';
import type { Surroundings } from './surroundings.ts';
import type { Terminal } from './terminal.ts';

export class Context {
  readonly surroundings: Surroundings;
  readonly #flags: AccessFlags;
  /** From `--color`, else what the terminal is. */
  readonly isColoured: boolean;
  #gateway: Promise<GatewayClient> | undefined;

  constructor(surroundings: Surroundings, flags: AccessFlags & { readonly color?: string }) {
    this.surroundings = surroundings;
    this.#flags = flags;
    const { environment, terminal } = surroundings;
    const isWanted = terminal.isTerminal && (environment.NO_COLOR ?? '') === '';
    this.isColoured = flags.color === undefined ? isWanted : flags.color === 'on';
  }

  get world(): World {
    return this.surroundings.world;
  }

  get terminal(): Terminal {
    return this.surroundings.terminal;
  }

  get profile(): string | undefined {
    return this.#flags.profile;
  }

  get project(): string | undefined {
    return this.#flags.project;
  }

  /** The gateway of the profile, the environment or the flags. CommandError when there is none. */
  gateway(): Promise<GatewayClient> {
    this.#gateway ??= resolveAccess(this.surroundings, this.#flags).then((access) =>
      openGateway(this.surroundings, access),
    );
    return this.#gateway;
  }
}
