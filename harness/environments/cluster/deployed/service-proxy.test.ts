/** What a service answers and what stops a request on its way to it are told apart. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { kubeConfigFor } from '../../../../kubernetes/cluster-access.ts';
import type { HttpHandler } from '../../../../world/network.ts';
import { type SimulatedProcess, Simulation } from '../../../../world/simulated/simulation.ts';
import { proxiedAccess, ServiceNotReachedError } from './service-proxy.ts';

let simulation: Simulation;
let harness: SimulatedProcess;
let handler: HttpHandler;
const asked: { method: string; url: string; authorization: string | undefined; body: string }[] = [];
beforeEach(async () => {
  simulation = new Simulation({ seed: 1, startAt: 0 });
  harness = simulation.process('harness');
  asked.length = 0;
  const server = simulation.process('server');
  await simulation.run(
    server.network.listen('server:80', async (request, response) => {
      const body = (await request.bytes(1000)).toString();
      asked.push({ method: request.method, url: request.url, authorization: request.headers.authorization, body });
      await handler(request, response);
    }),
  );
});
afterEach(() => simulation.shutDown());

const answering =
  (status: number, body: object): HttpHandler =>
  (_request, response) => {
    response.head(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
const content = () =>
  proxiedAccess(harness, kubeConfigFor({ server: 'http://server:80/base', token: 't' }), 'trial', 'content');

test('a request goes to the Service’s port by the API server, with the run’s own credentials, as it is', async () => {
  handler = answering(200, { success: true });
  const init = { method: 'POST', body: '{"a":1}' };
  const answer = await simulation.run(content().fetch('/fabric/v4/x%2Fy?limit=0', init));
  expect({ status: answer.status, body: answer.json() }).toEqual({ status: 200, body: { success: true } });
  expect(asked).toEqual([
    {
      method: 'POST',
      url: '/base/api/v1/namespaces/trial/services/content:http/proxy/fabric/v4/x%2Fy?limit=0',
      authorization: 'Bearer t',
      body: '{"a":1}',
    },
  ]);
});

test('an error of the service is an answer', async () => {
  handler = answering(503, { success: false, message: 'later' });
  expect((await simulation.run(content().fetch('/readyz'))).status).toBe(503);
});

test.each([
  [503, 'ServiceUnavailable', 'no endpoints available for service "content:http"', 'kubectl -n trial get pods'],
  [403, 'Forbidden', 'services "content:http" is forbidden', 'services/proxy in trial'],
])('%s of the API server is none: what to do is told', async (code, reason, message, remedy) => {
  handler = answering(code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code });
  const error = await simulation.run(
    content()
      .fetch('/readyz')
      .catch((caught: unknown) => caught),
  );
  expect(error).toBeInstanceOf(ServiceNotReachedError);
  expect(error).toMatchObject({ service: 'content', namespace: 'trial', code });
  expect((error as Error).message).toContain(message);
  expect((error as ServiceNotReachedError).remedy).toContain(remedy);
});
