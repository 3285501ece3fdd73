/** Writes docs/routes.md: `node scripts/routes/main.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allRoutes } from '../../fabric/gateway/routes/all.ts';
import { laterPaths } from '../../fabric/gateway/routes/later.ts';
import { packageFolder } from '../../harness/package.ts';
import { askedByStories } from './asked.ts';
import { isTested, type Row, routesPage } from './page.ts';
import { letIn } from './strangers.ts';

export const routesFile = join(packageFolder, 'docs', 'routes.md');

export async function tableOfRoutes(): Promise<Row[]> {
  const asked = await askedByStories();
  const rows: Row[] = [];
  for (const { method, path, audience, summary } of allRoutes) {
    const one = { method, path, audience, summary };
    const strangers = audience === 'anybody' ? [] : await letIn(one);
    rows.push({ ...one, letIn: strangers, isTested: isTested(one, asked) });
  }
  return rows.sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

function keyOf({ path, method }: Row): string {
  return `${path} ${method}`;
}

if (import.meta.main) writeFileSync(routesFile, routesPage(await tableOfRoutes(), laterPaths));
