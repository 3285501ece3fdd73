import { networkContract } from '../network.contract.ts';
import { RealNetwork } from './network.ts';

networkContract('of the machine', async () => {
  const server = new RealNetwork();
  const client = new RealNetwork();
  return {
    server,
    client,
    address: '127.0.0.1:0',
    run: (work) => work,
    idle,
    close: () => client.close(),
  };
});

async function idle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}
