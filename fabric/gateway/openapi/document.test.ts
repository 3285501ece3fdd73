/** The description is a right one of its kind, and tells of every route that exists and of nothing else. */
import { expect, it } from 'vitest';
import { createRoutes } from '../../http/index.ts';
import type { OperationObject } from '../../openapi/document.ts';
import { structureFaults } from '../../openapi/structure.fixture.ts';
import { openBench } from '../bench.fixture.ts';
import { allAreas, allRoutes } from '../routes/all.ts';
import { laterPaths } from '../routes/later.ts';
import type { RunningGateway } from '../running-gateway.ts';
import { gatewayDocument } from './document.ts';
import { templateOf } from './places.ts';

const document = gatewayDocument(allAreas);
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const placesOf = (all: readonly { readonly path: string; readonly method: string }[]) =>
  all.map(({ path, method }) => `${method.toUpperCase()} ${path}`).sort();

it('is OpenAPI 3.1', () => {
  expect(structureFaults(document)).toEqual([]);
});

it('has every route, the probes of a cluster, and nothing else', () => {
  const routes = createRoutes();
  for (const one of allRoutes) one.add(routes, {} as RunningGateway);
  const served = routes.routes.map(({ method, path }) => {
    const route = allRoutes.find((one) => one.method === method && one.path === path);
    return { method, path: route ? templateOf(route) : path };
  });
  const probes = ['/healthz', '/readyz'].map((path) => ({ method: 'GET', path }));
  const asked = allRoutes
    .filter(({ hasHead }) => hasHead)
    .map((route) => ({ method: 'HEAD', path: templateOf(route) }));
  expect(placesOf(described)).toEqual(placesOf([...served, ...probes, ...asked]));
});

it('has no route that is later', () => {
  const later = laterPaths.map((path) => templateOf({ path }));
  expect(described.filter(({ path }) => later.some((one) => path === one || path.startsWith(`${one}/`)))).toEqual([]);
});

it.each(described)('$method $path can be understood', ({ operation }) => {
  const { summary, tags, parameters, responses } = operation as OperationObject;
  expect(summary).toMatch(/^[A-Z].+/);
  expect(document.tags.map(({ name }) => name)).toContain(tags[0]);
  expect(parameters.filter(({ description }) => description === '')).toEqual([]);
  expect(Object.keys(responses)).toContain('200');
});

it('asks for a bearer wherever a stranger gets 401', () => {
  const closed = described.filter(({ operation }) => '401' in operation.responses);
  expect(closed.length).toBeGreaterThan(40);
  expect(described.filter(({ operation }) => operation.security.length > 0)).toEqual(closed);
  expect(document.components.securitySchemes.bearer).toMatchObject({
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  });
});

it('is answered to anybody, as it is', async () => {
  const { ask } = await openBench({ createProjectsOnUse: false });
  const { status, headers, json } = await ask('/openapi.json');
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(json).toEqual(JSON.parse(JSON.stringify(document)));
});
