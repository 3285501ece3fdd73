/**
 * Fuzzes every route that the OpenAPI documents describe, in a simulation:
 *
 *     node scripts/fuzz/main.ts [--requests 10000] [--seed 1] [--target gateway|lone|control]
 *
 * Prints what was answered, the memory along the way, and each fault with the request that brought it. Exit code 1 when
 * there is one.
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fuzz, shownRequest } from '../../harness/fuzz/fuzz.ts';
import { targets } from '../../harness/fuzz/targets.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', default: '' },
  },
});
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapMegabytes(): string {
  collect();
  return (process.memoryUsage().heapUsed / 2 ** 20).toFixed(1);
}

for (const [name, open] of Object.entries(targets)) {
  if (values.target !== '' && values.target !== name) continue;
  const target = await open(Number(values.seed));
  const heap: string[] = [];
  const begunAt = performance.now();
  const told = (sent: number) => {
    if (sent % 1_000 === 0) heap.push(heapMegabytes());
  };
  const result = await fuzz({ target, requests: Number(values.requests), seed: Number(values.seed), told });
  const statuses = [...result.statuses].sort().map(([status, count]) => `${status}: ${count}`);
  const seconds = ((performance.now() - begunAt) / 1000).toFixed(0);
  console.log(`${target.name}: ${result.sent} requests in ${seconds} s, ${result.faults.length} faults`);
  console.log(`  ${statuses.join(', ')}; ${result.succeeded.size} operations answered with success`);
  const all = Object.values(target.document.paths).flatMap((methods) => Object.values(methods));
  const never = all.map(({ operationId }) => operationId).filter((id) => !result.succeeded.has(id));
  console.log(`  never with success: ${never.join(', ') || 'none'}`);
  console.log(`  heap in use, MB, after each thousand: ${heap.join(' ')}`);
  for (const { number, request, what } of result.faults.slice(0, 50)) {
    console.log(`  ${number}. ${what}\n     ${shownRequest(request)}`);
  }
  if (result.faults.length > 0) process.exitCode = 1;
  await target.end();
}
