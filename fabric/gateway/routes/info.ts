/** What the gateway is, for clients that have not logged in (contract 3.1, 3.2). */
import { type Routes, sendJson } from '../../http/index.ts';
import type { Gateway } from '../settings.ts';

const version = '0.1.0';
/** Versions of the existing command line that this gateway serves. */
const commandLineVersions = '>=2.0.0 <3.0.0';

export function infoRoutes(routes: Routes, gateway: Gateway): void {
  routes.get('/fabric/v4/info', (context) =>
    sendJson(context, {
      serverTs: gateway.pacingClock.now(),
      version,
      deployType: 'orrery',
      enabledFeatures: {
        ga: { enabled: true, features: { 'persist-tasks': { enabled: true } } },
        preview: { enabled: false, features: {} },
      },
      endpoints: { registry: { url: '' } },
      healths: [{ name: 'gateway', version, healthy: true, health: {} }],
    }),
  );
  routes.get('/fabric/v4/compatibility/applications/cortex-cli', (context) =>
    sendJson(context, { semver: commandLineVersions }),
  );
}
