import { networkContract } from '../network.contract.ts';
import { Simulation } from './simulation.ts';

networkContract('simulated', async () => {
  const simulation = new Simulation({ seed: 1, startAt: 0 });
  return {
    server: simulation.process('server').network,
    client: simulation.process('client').network,
    address: 'server:80',
    run: (work) => simulation.run(work),
    close: async () => simulation.shutDown(),
  };
});
