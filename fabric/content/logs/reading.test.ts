/** Questions about logs in a folder of the World's files. */
import { Simulation } from '../../../world/simulated/simulation.ts';
import { openFolderBlobs } from '../blobs/folder/folder.ts';
import { describeLogReading } from './contract.ts';

describeLogReading(
  'a folder',
  async () => {
    const simulation = new Simulation({ seed: 11, startAt: Date.UTC(2026, 0, 1) });
    const world = simulation.process('content');
    const blobs = await simulation.run(openFolderBlobs({ world, folder: '/content' }));
    return { blobs, run: (answer) => simulation.run(answer), advance: (ms) => simulation.advance(ms) };
  },
  60,
);
