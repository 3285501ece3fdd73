/**
 * The test data of the CEL specification as a judge. What came out, section by section, is kept in outcome.md (`vitest
 * -u` writes it anew); what differs has a reason here, and nothing else may differ.
 */
import { describe, expect, it } from 'vitest';
import { kubernetesFunctions, kubernetesTypes } from '../library/kubernetes.ts';
import { compile } from '../program.ts';
import { CompileError } from '../syntax/issues.ts';
import { goTests, type Outcome, playConformance } from './cases.fixture.ts';

/** Why a test may come out differently, by the beginning of its name: what Kubernetes 1.36 does not switch on. */
const reasons: readonly (readonly [begins: RegExp, why: string])[] = [
  [/^math_ext\//, 'the library math is not in Kubernetes'],
  [/^encoders_ext\//, 'the library encoders (base64) is not in Kubernetes'],
  [/^bindings_ext\//, 'cel.bind is not in Kubernetes'],
  [/^block_ext\//, 'cel.block is not in Kubernetes'],
  [/^fields\/quoted_map_fields\//, 'names in backquotes are not switched on in Kubernetes'],
  [/^string_ext\/format\//, 'texts are formatted as version 2 of the library strings does, which Kubernetes has'],
  [/\/map_value_repeat_key/, 'of two entries with one key the last counts on a real server'],
  [/^string_ext\/value_errors\/(?:last)?indexof_out_of_range$/, 'cel-go gives -1 behind the end of a text'],
];

function reasonFor({ name }: Outcome): string | undefined {
  return reasons.find(([begins]) => begins.test(name))?.[1];
}

function summary(outcomes: readonly Outcome[]): string {
  const sections = [...new Set(outcomes.map(({ section }) => section))].sort();
  const count = (section: string, fits: (outcome: Outcome) => boolean): number =>
    outcomes.filter((outcome) => outcome.section === section && fits(outcome)).length;
  const rows = sections.map((section) => {
    const passed = count(section, ({ problem, lacks }) => problem === undefined && lacks === undefined);
    const differs = count(section, ({ problem }) => problem !== undefined);
    return `| ${section} | ${passed} | ${differs} | ${count(section, ({ lacks }) => lacks !== undefined)} |`;
  });
  const tally = (texts: readonly string[]): string[] =>
    [...new Set(texts)].sort().map((text) => `- ${text}: ${texts.filter((each) => each === text).length}`);
  return [
    '# The CEL specification’s tests',
    '',
    '| section | as specified | different, with reason | needs what is not there |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'Different:',
    '',
    ...tally(outcomes.flatMap((outcome) => (outcome.problem === undefined ? [] : [reasonFor(outcome) ?? 'no reason']))),
    '',
    'Needed, and not there:',
    '',
    ...tally(outcomes.flatMap(({ lacks }) => lacks ?? [])),
    '',
  ].join('\n');
}

describe('the specification', () => {
  const outcomes = playConformance();

  it('is kept, but where Kubernetes itself differs', () => {
    expect(outcomes.filter((outcome) => outcome.problem !== undefined && reasonFor(outcome) === undefined)).toEqual([]);
  });

  it('is kept as far as written down', async () => {
    await expect(summary(outcomes)).toMatchFileSnapshot('./outcome.md');
  });

  it('refuses what cel-go cannot read', () => {
    const unreadable = goTests().filter(({ error }) => error?.includes('Syntax error'));
    expect(unreadable.length).toBeGreaterThan(20);
    for (const { expr } of unreadable) {
      const environment = { functions: kubernetesFunctions, types: kubernetesTypes, variables: new Map() };
      expect(() => compile(expr, environment), expr).toThrow(CompileError);
    }
  });
});
