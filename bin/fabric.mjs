#!/usr/bin/env node
import { existsSync } from 'node:fs';

// Entry point of the installed package. Plain JavaScript that any Node.js can read, so that one that is too old gets an
// explanation and no syntax error.
const oldest = [22, 18];
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  process.stderr.write(
    `fabric needs Node.js ${oldest.join('.')} or later, and this is ${process.versions.node}: install a newer one, or run it as "npx -p node@24 -p orrery fabric".\n`,
  );
  process.exit(2);
}
// A checkout runs its sources; the published package has only what was built from them.
const sources = new URL('../fabric/cli/main.ts', import.meta.url);
await import(existsSync(sources) ? sources.href : '../dist/fabric/cli/main.js');
