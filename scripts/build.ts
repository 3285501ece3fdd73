/**
 * Emits JavaScript into dist/ for the published package: Node.js refuses to strip types below node_modules. Nothing is
 * built to develop or to test. Run by `npm pack` and `npm publish` (prepack).
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

rmSync(`${root}/dist`, { recursive: true, force: true });
const compiled = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
// What the sources read at run time besides code.
for (const file of readdirSync(`${root}/simulator`, { recursive: true, encoding: 'utf8' })) {
  if (file.endsWith('.json')) cpSync(`${root}/simulator/${file}`, `${root}/dist/simulator/${file}`);
}
// Programs that are given away as they are.
const templates = 'fabric/cli/templates';
rmSync(`${root}/dist/${templates}`, { recursive: true, force: true });
cpSync(`${root}/${templates}`, `${root}/dist/${templates}`, { recursive: true });
