/** The project's own two skills as images that are local commands. */
import { join } from 'node:path';
import type { LocalImage } from '../../simulator/node/runtimes/processes/local-images.ts';
import { packageFolder } from '../package.ts';

const skills = join(packageFolder, 'fixtures', 'skills');

export const skillImages: Readonly<Record<string, LocalImage>> = {
  'orrery/job-skill': { command: ['python3', 'main.py'], folder: join(skills, 'job') },
  'orrery/daemon-skill': { command: ['python3', 'main.py'], folder: join(skills, 'daemon') },
};
