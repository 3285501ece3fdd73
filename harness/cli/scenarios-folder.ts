/** Where the scenarios are: beside the harness, in the sources and in the built package alike. */
import { fileURLToPath } from 'node:url';

export const scenariosFolder = fileURLToPath(new URL('../../scenarios', import.meta.url));
