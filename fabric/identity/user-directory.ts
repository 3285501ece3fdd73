/** Where the users come from: given once, or a file that is read again when it changes. */
import type { World } from '../../world/world.ts';
import { parseUsers, type Users } from './users.ts';

export interface UserDirectory {
  /** The users as they are now. */
  current(): Promise<Users>;
}

/** Users that never change. */
export function fixedUsers(users: Users): UserDirectory {
  return { current: async () => users };
}

const lookIntervalMs = 2_000;

/**
 * The users of a file. It is looked at again when somebody asks, at most every two seconds; a file that cannot be taken
 * then is told in the log, and the users stay as they were. Throws UsersFormatError or FileNotFoundError when the file
 * cannot be taken at the start.
 *
 * The text is compared, not the time of its change: a Secret mounted into a pod is a link that changes its target.
 */
export async function usersOfFile(world: World, path: string): Promise<UserDirectory> {
  let text = (await world.files.read(path)).toString('utf8');
  let users = parseUsers(text);
  let refused: string | undefined;
  let lookedAt = world.clock.now();
  const look = async () => {
    const found = (await world.files.read(path)).toString('utf8');
    if (found === text || found === refused) return;
    refused = found;
    users = parseUsers(found);
    text = found;
    refused = undefined;
    world.log.info('users read again', { path, users: users.byName.size });
  };
  return {
    async current() {
      const now = world.clock.now();
      if (now - lookedAt < lookIntervalMs) return users;
      lookedAt = now;
      await look().catch((error: unknown) => {
        world.log.error('the file of users cannot be taken: the users stay as they were', {
          path,
          error: String(error),
        });
      });
      return users;
    },
  };
}
