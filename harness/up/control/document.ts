/** All routes of the control API, and their description: OpenAPI 3.1, made of the routes. */
import { type OpenApiDocument, openApiDocument } from '../../../fabric/openapi/document.ts';
import { version } from '../../package.ts';
import { administrator, type ControlRoute } from './route.ts';
import { changeClock, readClock } from './routes/clock.ts';
import { description } from './routes/description.ts';
import { healFault, injectFault, listFaults } from './routes/faults.ts';
import { listImages, registerImage, removeImage } from './routes/images.ts';
import { stopRun } from './routes/stop.ts';
import { readTrace } from './routes/trace.ts';

export const controlRoutes: readonly ControlRoute[] = [
  readClock,
  changeClock,
  listFaults,
  injectFault,
  healFault,
  listImages,
  registerImage,
  removeImage,
  readTrace,
  stopRun,
  description(() => controlDocument()),
];

export function controlDocument(): OpenApiDocument {
  return openApiDocument({
    title: 'Control API of orrery up',
    version,
    description:
      'Time, faults and programs of a live run, for tests in any language. Every refusal has the body `Problem`.',
    tags: [
      { name: 'clock', description: 'Virtual time.' },
      { name: 'faults', description: 'What breaks, and heals.' },
      { name: 'images', description: 'Programs of this machine as images.' },
      { name: 'run', description: 'The run as a whole.' },
    ],
    operations: controlRoutes.map(({ operation }) => operation),
    securitySchemes: {
      [administrator]: { type: 'http', scheme: 'bearer', description: 'The ready file’s `kubernetes.token`.' },
    },
  });
}
