/**
 * The skill {{name}}, a daemon: an HTTP server that answers POST /invoke until it is stopped.
 *
 * The body is the message, JSON; what the invoker gave stands under `payload`. The answer has to be a JSON object whose
 * `payload` is the skill's output, within 30 seconds. PORT is the port it listens on, HOST the address.
 */
import { server } from './server.ts';

const port = Number(process.env.PORT ?? 5000);
server.listen(port, process.env.HOST ?? '127.0.0.1', () => console.log(`Listening on port ${port}`));
process.once('SIGTERM', () => server.close());
