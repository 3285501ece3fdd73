/** Which versions of the existing command line this gateway serves (contract 3.2). */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { compatibilityAnswer } from '../../schemas/answers/info.ts';
import { route } from '../route.ts';

const commandLineVersions = '>=2.0.0 <3.0.0';

export const compatibility = route({
  method: 'GET',
  path: '/fabric/v4/compatibility/applications/cortex-cli',
  audience: 'users',
  summary: 'Tells which versions of the existing command line are served',
  operationId: 'compatibility',
  answers: json(compatibilityAnswer),
  async handle(context) {
    return sendJson(context, { semver: commandLineVersions });
  },
});
