import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AgentDocument } from '../schemas/agent.ts';
import type { SkillDocument } from '../schemas/skill.ts';
import { PolicyError, policyOf, policyProperty, type UsedSkill } from './policy.ts';

const policies = ['Forbid', 'Replace', 'Allow'] as const;
const policy = fc.constantFrom(...policies);
const wish = fc.option(policy, { nil: undefined });
const skill = fc.record({ property: wish, reference: wish, actions: fc.array(wish, { maxLength: 3 }) });
const skills = fc.array(skill, { maxLength: 4 });

type SkillWish = typeof skill extends fc.Arbitrary<infer T> ? T : never;

const named = (value: unknown) => (value === undefined ? [] : [{ name: policyProperty, value }]);

function chosen(own: unknown, wishes: readonly SkillWish[]) {
  const used = new Map<string, UsedSkill>(
    wishes.map(({ property, actions }, index) => {
      const properties = property === undefined ? [] : [{ name: policyProperty, defaultValue: property }];
      const document = { properties } as unknown as SkillDocument;
      return [`s${index}`, { document, actions: actions.map((concurrencyPolicy) => ({ concurrencyPolicy })) }];
    }),
  );
  const references = wishes.map(({ reference }, index) => ({
    refId: `${index}`,
    skillName: `s${index}`,
    properties: named(reference),
  }));
  const agent = { name: 'a', properties: named(own), skills: references } as unknown as AgentDocument;
  return policyOf(agent, (name) => used.get(name));
}

it('the agent’s own word is the last one', () => {
  fc.assert(fc.property(policy, skills, (own, wishes) => chosen(own, wishes) === own));
});

it('else the strictest wish of its skills is, and Allow when there is none', () => {
  fc.assert(
    fc.property(skills, (wishes) => {
      const asked = wishes.flatMap(({ property, reference, actions }) => [reference ?? property, ...actions]);
      expect(chosen(undefined, wishes)).toBe(policies.find((each) => asked.includes(each)) ?? 'Allow');
    }),
  );
});

it('a skill that is not there wishes nothing', () => {
  const agent = { name: 'a', properties: [], skills: [{ refId: '1', skillName: 'gone' }] } as unknown as AgentDocument;
  expect(policyOf(agent, () => undefined)).toBe('Allow');
});

it('the case of the word does not matter, the word does', () => {
  expect(chosen('forbid', [])).toBe('Forbid');
  for (const word of ['Never', 1, true, {}]) expect(() => chosen(word, [])).toThrow(PolicyError);
  expect(() => chosen(undefined, [{ property: undefined, reference: 'x' as 'Allow', actions: [] }])).toThrow(
    /skill s0/,
  );
});
