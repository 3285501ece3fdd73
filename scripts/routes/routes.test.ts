/** docs/routes.md is what was asked, and each of its rows is as it must be. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { allRoutes } from '../../fabric/gateway/routes/all.ts';
import { laterPaths } from '../../fabric/gateway/routes/later.ts';
import { routesFile, tableOfRoutes } from './main.ts';
import { isTested, type Row, routesPage } from './page.ts';

let rows: readonly Row[] = [];
beforeAll(async () => {
  rows = await tableOfRoutes();
});

it('the table of routes is up to date: node scripts/routes/main.ts', () => {
  expect(readFileSync(routesFile, 'utf8')).toBe(routesPage(rows, laterPaths));
});

it('has every route, each closed and tested', () => {
  expect(rows).toHaveLength(allRoutes.length);
  expect(rows.filter(({ letIn }) => letIn.length > 0)).toEqual([]);
  expect(rows.filter((row) => !row.isTested).map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

it('counts only answers to that very route', () => {
  const route = { method: 'GET', path: '/a/:b/c/*', audience: 'users' } as const;
  const asked = (method: string, path: string, status: number) => isTested(route, [{ method, path, status }]);
  expect(asked('GET', '/a/x%2Fy/c/d/e', 200)).toBe(true);
  expect(asked('POST', '/a/x/c/d', 200)).toBe(false);
  expect(asked('GET', '/a/x/c/d', 404)).toBe(false);
  expect(asked('GET', '/a/x/y/c/d', 200)).toBe(false);
  expect(asked('GET', '/a/x/c', 200)).toBe(false);
});
