/**
 * The simulator's API server as a process of its own, on a free port, without controllers. It prints where it listens
 * as one line of JSON, and ends with its parent (when its standard input closes).
 *
 *     node perf/apiserver/serve.ts
 */
import { startSimulatedServer } from '../../harness/fidelity/exchanges/simulated-server.ts';

const { url, token, stop } = await startSimulatedServer();
process.stdin.resume();
process.stdin.once('end', () => void stop().then(() => process.exit(0)));
console.log(JSON.stringify({ url, token }));
