/**
 * How soon a simulated Fabric is there: process start, imports and bringing up, each apart.
 *
 *     node perf/ready.ts [--no-cache]
 *
 * Bound (design): ready in under 1 s cold.
 */
import { enableCompileCache } from 'node:module';

// As the command does: what was compiled, and stripped of its types, by an earlier run is read from a cache.
if (!process.argv.includes('--no-cache')) enableCompileCache();
const imported = performance.now();
const { sim } = await import('../harness/environments/sim/kinds.ts');
const loaded = performance.now();
const environment = await sim.up({}, 1);
const ready = performance.now();
await environment.down();

process.stdout.write(
  [
    `process start   ${imported.toFixed(0)} ms`,
    `imports         ${(loaded - imported).toFixed(0)} ms`,
    `bringing up     ${(ready - loaded).toFixed(0)} ms`,
    `ready after     ${ready.toFixed(0)} ms`,
    '',
  ].join('\n'),
);
