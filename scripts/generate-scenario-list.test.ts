/** docs/scenarios.md is what the scenarios say. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scenariosFolder } from '../harness/cli/scenarios-folder.ts';
import { catalogue } from '../harness/runner/catalogue.ts';
import { scenarioList, scenarioListFile } from './generate-scenario-list.ts';

test('the list of scenarios is up to date: node scripts/generate-scenario-list.ts', async () => {
  expect(readFileSync(scenarioListFile, 'utf8')).toBe(await scenarioList());
});

test('it has each scenario once', async () => {
  const list = await scenarioList();
  const names = [...list.matchAll(/^### (.*)$/gm)].map(([, name]) => name);
  expect(names).toEqual(catalogue(scenariosFolder).map(({ name }) => name));
});
