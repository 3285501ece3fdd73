/** A program that brings a control plane up, says in which folder, and waits to be killed. */
import { startControlPlane } from './control-plane.ts';

const plane = await startControlPlane();
process.stdout.write(`${plane.folder}\n`);
setInterval(() => undefined, 60_000);
