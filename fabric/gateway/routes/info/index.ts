/** Routes that tell of the gateway itself. */
import type { Route } from '../route.ts';
import { compatibility } from './compatibility.ts';
import { info } from './info.ts';

export const infoRoutes: readonly Route[] = [info, compatibility];
