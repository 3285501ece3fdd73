/** Which routes a stranger gets into: each is asked by all of those who must not. */
import { openGuardedBench, tokenOf } from '../../fabric/gateway/access/access.fixture.ts';
import { samplePath } from '../../fabric/gateway/access/sample-request.fixture.ts';
import { type Stranger, strangers } from '../../fabric/gateway/access/strangers.fixture.ts';
import type { Audience } from '../../fabric/gateway/routes/route.ts';

export interface AskedRoute {
  readonly method: string;
  readonly path: string;
  readonly audience: Audience;
}

/** Those who were let in, by name: nobody, where a route is closed as it must be. */
export async function letIn({ method, path, audience }: AskedRoute): Promise<string[]> {
  const { ask } = await openGuardedBench();
  const others: Stranger[] = path.includes(':project')
    ? [{ who: 'a user of another project', authorization: `Bearer ${tokenOf('bob')}` }]
    : [];
  const refusals = audience === 'runs' ? [404] : [401, 404];
  const found: string[] = [];
  for (const { who, authorization } of [...strangers, ...others]) {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const body = ['POST', 'PUT', 'PATCH'].includes(method) ? { body: '{"pod":"sample"}' } : {};
    const { status } = await ask(samplePath({ path }), { method, headers, ...body });
    if (!refusals.includes(status)) found.push(who);
  }
  return found;
}
