/** The gateway's description of itself: OpenAPI 3.1, made of the definitions of its routes. */
import { type OpenApiDocument, openApiDocument } from '../../openapi/document.ts';
import type { Area } from '../routes/route.ts';
import { version } from '../version.ts';
import { bearer, operationsOf } from './operations.ts';
import { probes } from './probes.ts';

const description = `Fabric's REST API: tasks and schedules, agents and skills, activations, managed content.

Every refusal has the body \`Problem\`. Parameters of the query that are not named here are ignored. What is asked by GET may be asked by HEAD.
Names in paths are percent-encoded, their slashes too.`;

/** Of these routes, which are all that there are. */
export function gatewayDocument(areas: readonly Area[]): OpenApiDocument {
  return openApiDocument({
    title: 'Fabric gateway',
    version,
    description,
    tags: areas.map(({ name, description: about }) => ({ name, description: about })),
    operations: [...operationsOf(areas), ...probes],
    securitySchemes: {
      [bearer]: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description:
          'A JWT signed with the user’s Ed25519 key (EdDSA), from his personal access token file: `orrery token --file …`.',
      },
    },
  });
}
