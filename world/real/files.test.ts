import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesContract } from '../files.contract.ts';
import { realFiles } from './files.ts';

filesContract('of the machine', async () => {
  const root = await mkdtemp(join(tmpdir(), 'orrery-files-'));
  return { files: realFiles, root, close: () => rm(root, { recursive: true, force: true }) };
});
