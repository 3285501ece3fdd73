/**
 * Starts the `orrery` command. What Node.js has compiled once it keeps in its cache, which halves the time of every
 * later start.
 */
import './ending/started-by.ts';
import { enableCompileCache } from 'node:module';
import '../warnings.ts';

enableCompileCache();
// Not at the top of the file: what is imported there is compiled before the cache is on.
await import('./program.ts');
