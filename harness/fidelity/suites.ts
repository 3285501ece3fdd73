/** Every way of holding the simulator against real Kubernetes, in the order of the page. */
import { conformance } from './conformance/suite.ts';
import { controllers } from './controllers/suite.ts';
import { exchanges } from './exchanges/suite.ts';
import { kubectl } from './kubectl/suite.ts';
import type { Suite } from './record.ts';

export const suites: readonly Suite[] = [exchanges, controllers, kubectl, conformance];
