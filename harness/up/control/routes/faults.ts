/** `/faults`: faults of the network and of the Kubernetes API, and services that are killed. */
import { z } from 'zod';
import { json, named, words } from '../../../../fabric/openapi/operation.ts';
import { isApiFault } from '../../../../simulator/apiserver/faults/fault.ts';
import { faultKinds, parseFault, type WantedFault } from '../../../faults/faults.ts';
import type { FaultDesk, OpenFault } from '../../fault-desk.ts';
import { readJson, sendJson } from '../bodies.ts';
import { ControlError } from '../errors.ts';
import { done, route } from '../route.ts';

const openFault = named('Fault', z.strictObject({ id: z.int(), description: z.string() }));

export const listFaults = route(
  {
    operationId: 'listFaults',
    method: 'GET',
    path: '/faults',
    tag: 'faults',
    summary: 'Lists the faults that hold now',
    answer: json(z.strictObject({ faults: z.array(openFault) })),
  },
  async ({ options, response }) => sendJson(response, 200, { faults: options.faults.list() }),
);

export const injectFault = route(
  {
    operationId: 'injectFault',
    method: 'POST',
    path: '/faults',
    tag: 'faults',
    summary: 'Injects a fault, or kills a service',
    description: 'Each kind has fields of its own: docs/faults.md has them all.',
    body: z.looseObject({ kind: z.enum(faultKinds) }),
    answer: json(openFault),
  },
  async ({ options, request, response }) => {
    const fault = parseFault(await readJson(request));
    sendJson(response, 200, injected(options.faults, fault));
  },
);

export const healFault = route(
  {
    operationId: 'healFault',
    method: 'DELETE',
    path: '/faults/{fault}',
    tag: 'faults',
    summary: 'Heals a fault; a service that was killed comes back',
    places: { fault: words('Its number.') },
    answer: json(done),
    refuses: [400, 404],
  },
  async ({ options, response, place }) => {
    const isThere = /^\d+$/.test(place) && (await options.faults.heal(Number(place)));
    if (!isThere) throw new ControlError(404, `there is no fault ${place}`);
    sendJson(response, 200, { success: true });
  },
);

function injected(desk: FaultDesk, fault: WantedFault): OpenFault {
  if (fault.kind === 'kill') return desk.kill(fault.service);
  return isApiFault(fault) ? desk.injectApi(fault) : desk.injectNetwork(fault);
}
