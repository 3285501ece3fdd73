/** Writes docs/cli.md: `node scripts/cli/main.ts`. */
import { writeFileSync } from 'node:fs';
import { reference, referenceFile } from './reference.ts';

writeFileSync(referenceFile, reference());
console.log(`written: ${referenceFile}`);
