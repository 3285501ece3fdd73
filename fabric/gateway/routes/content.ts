/** Managed content under the gateway's address (contract 3.11). */
import type { Routes } from '../../http/index.ts';
import { proxyToContent } from '../proxy.ts';
import type { Gateway } from '../settings.ts';

const base = '/fabric/v4/projects/:project/content';

export function contentRoutes(routes: Routes, gateway: Gateway): void {
  for (const path of [base, `${base}/*`]) {
    routes.on(['GET', 'POST', 'DELETE'], path, (context) =>
      proxyToContent(context, gateway, context.env.request.url.replace(/^\/+/, '/')),
    );
  }
}
