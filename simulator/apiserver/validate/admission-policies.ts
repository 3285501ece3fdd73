/**
 * ValidatingAdmissionPolicies, MutatingAdmissionPolicies and their bindings. Upstream:
 * admissionregistration/validation.
 */

import type { FieldError } from '../errors.ts';
import { condition, conditionsOf, expressionsOf, message } from '../policies/compiled.ts';
import type { Expression, Expressions } from '../policies/expressions.ts';
import type {
  Binding,
  MutatingBinding,
  MutatingPolicy,
  Policy,
  ValidatingBinding,
  ValidatingPolicy,
} from '../policies/kinds.ts';
import { dns1035Label, dnsSubdomain, pathSegment, qualifiedName } from '../schema/names.ts';
import { duplicate, forbidden, invalid, invalids, notSupported, oneOf, required, tooMany } from './field.ts';
import { validateLabelSelector } from './labels.ts';
import { validateMatchResources, validateMutatingOperations } from './match-resources.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';

const rule = { namespaced: false, name: dnsSubdomain } as const;
const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const actions = ['Audit', 'Deny', 'Warn'];
const conditionsMax = 64;
const auditAnnotationsMax = 20;
const auditExpressionBytesMax = 5 * 1024;

/** As CEL names things; its reserved words are none. */
const identifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const reserved: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** What the four kinds have in common for `rules.ts`. */
function judged<T extends Policy | Binding>(validate: (object: T) => FieldError[]) {
  return {
    create: (object: T) => [...validateMetadata(object, rule), ...validate(object)],
    update: (object: T, old: T, subresource?: string) => [
      ...validateMetadataUpdate(object, old),
      ...(subresource === 'status' ? [] : [...validateMetadata(object, rule), ...validate(object)]),
    ],
  };
}

export const validatingPolicyRule = judged<ValidatingPolicy>(validateValidatingPolicy);
export const mutatingPolicyRule = judged<MutatingPolicy>(validateMutatingPolicy);
export const validatingBindingRule = judged<ValidatingBinding>((binding) => [
  ...validateBinding(binding),
  ...validateActions(binding.spec?.validationActions ?? [], 'spec.validationActions'),
]);
export const mutatingBindingRule = judged<MutatingBinding>((binding) => [
  ...validateBinding(binding),
  ...validateMutatingOperations(binding.spec?.matchResources, 'spec.matchResources'),
]);

function validateValidatingPolicy(policy: ValidatingPolicy): FieldError[] {
  const { validations = [], auditAnnotations = [] } = policy.spec ?? {};
  const expressions = expressionsOf(policy);
  const none = 'validations or auditAnnotations must contain at least one item';
  return [
    ...validateConstraints(policy),
    ...validateConditions(policy),
    ...validateVariables(policy, expressions),
    ...(validations.length === 0 && auditAnnotations.length === 0
      ? [required('spec.validations', none), required('spec.auditAnnotations', none)]
      : []),
    ...validations.flatMap((validation, index) =>
      validateValidation(validation, expressions, `spec.validations[${index}]`),
    ),
    ...validateAuditAnnotations(policy, expressions),
  ];
}

function validateMutatingPolicy(policy: MutatingPolicy): FieldError[] {
  const { mutations = [], reinvocationPolicy, matchConstraints } = policy.spec ?? {};
  const expressions = expressionsOf(policy, true);
  return [
    ...validateConstraints(policy),
    ...validateMutatingOperations(matchConstraints, 'spec.matchConstraints'),
    ...validateConditions(policy),
    ...validateVariables(policy, expressions),
    ...(mutations.length === 0 ? [required('spec.mutations', 'mutations must contain at least one item')] : []),
    ...mutations.flatMap((mutation, index) => validateMutation(mutation, expressions, `spec.mutations[${index}]`)),
    ...oneOf('spec.reinvocationPolicy', reinvocationPolicy, ['IfNeeded', 'Never']),
  ];
}

function validateConstraints({ spec }: Policy): FieldError[] {
  const constraints = spec?.matchConstraints;
  const path = 'spec.matchConstraints';
  return [
    ...oneOf('spec.failurePolicy', spec?.failurePolicy, ['Fail', 'Ignore']),
    ...(spec?.paramKind ? validateParamKind(spec.paramKind) : []),
    ...(constraints ? validateMatchResources(constraints, path) : [required(path)]),
    ...(constraints && (constraints.resourceRules ?? []).length === 0 ? [required(`${path}.resourceRules`)] : []),
  ];
}

function validateParamKind({ apiVersion = '', kind = '' }: { apiVersion?: string; kind?: string }): FieldError[] {
  const path = 'spec.paramKind';
  const [version = '', group = '', ...more] = apiVersion.split('/').reverse();
  const versionErrors = () => {
    if (apiVersion === '') return [required(`${path}.apiVersion`)];
    if (more.length > 0) {
      return [invalid(`${path}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
    }
    const groupReasons = group === '' ? [] : dnsSubdomain(group);
    const versionReasons = version === '' ? [] : dns1035Label(version);
    return [
      ...(groupReasons.length > 0 ? [invalid(`${path}.apiVersion`, group, groupReasons.join(','))] : []),
      ...(version === '' ? [invalid(`${path}.apiVersion`, apiVersion, 'version must be specified')] : []),
      ...(versionReasons.length > 0 ? [invalid(`${path}.apiVersion`, version, versionReasons.join(','))] : []),
    ];
  };
  const kindReasons = dns1035Label(kind.toLowerCase()).join(',');
  const kindDetail = `may have mixed case, but should otherwise match: ${kindReasons}`;
  return [
    ...versionErrors(),
    ...(kind === ''
      ? [required(`${path}.kind`)]
      : kindReasons === ''
        ? []
        : [invalid(`${path}.kind`, kind, kindDetail)]),
  ];
}

function validateConditions(policy: Policy): FieldError[] {
  const conditions = policy.spec?.matchConditions ?? [];
  const compiled = conditionsOf(policy);
  const path = 'spec.matchConditions';
  const names = conditions.map(({ name }) => name);
  return [
    ...(conditions.length > conditionsMax ? [tooMany(path, conditions.length, conditionsMax)] : []),
    ...conditions.flatMap(({ name = '', expression = '' }, index) => [
      ...(expression.trim() === ''
        ? [required(`${path}[${index}].expression`)]
        : problem(compiled[index], `${path}[${index}].expression`, expression.trim())),
      ...(name === ''
        ? [required(`${path}[${index}].name`)]
        : invalids(`${path}[${index}].name`, name, qualifiedName(name))),
      ...(name !== '' && names.indexOf(name) < index ? [duplicate(`${path}[${index}].name`, name)] : []),
    ]),
  ];
}

function validateVariables({ spec }: Policy, expressions: Expressions): FieldError[] {
  return (spec?.variables ?? []).flatMap(({ name = '', expression = '' }, index) => {
    const path = `spec.variables[${index}]`;
    const why = expressions.variableProblems[index];
    return [
      ...(name.trim() === '' ? [required(`${path}.name`, 'name is not specified')] : []),
      ...(name.trim() === '' || (identifier.test(name) && !reserved.has(name))
        ? []
        : [invalid(`${path}.name`, name, 'must be a valid CEL identifier')]),
      ...(expression.trim() === '' ? [required(`${path}.expression`, 'expression is not specified')] : []),
      ...(expression.trim() === '' || why === undefined ? [] : [invalid(`${path}.expression`, expression, why)]),
    ];
  });
}

type Validation = NonNullable<NonNullable<ValidatingPolicy['spec']>['validations']>[number];

function validateValidation(validation: Validation, expressions: Expressions, path: string): FieldError[] {
  const { expression = '', messageExpression = '', message: text = '', reason } = validation;
  return [
    ...(expression.trim() === ''
      ? [required(`${path}.expression`, 'expression is not specified')]
      : problem(expressions.compile(expression, condition), `${path}.expression`)),
    ...validateMessageExpression(messageExpression, expressions, `${path}.messageExpression`),
    ...(text !== '' && text.trim() === ''
      ? [invalid(`${path}.message`, text, 'must be non-empty if specified')]
      : /[\n\r]/.test(text.trim())
        ? [invalid(`${path}.message`, text, 'must not contain line breaks')]
        : []),
    ...(reason === undefined || reasons.includes(reason) ? [] : [notSupported(`${path}.reason`, reason, reasons)]),
  ];
}

function validateMessageExpression(text: string, expressions: Expressions, path: string): FieldError[] {
  if (text === '') return [];
  if (text.trim() === '') return [invalid(path, text, 'must be non-empty if specified')];
  return problem(expressions.compile(text, message), path);
}

function validateAuditAnnotations({ metadata, spec }: ValidatingPolicy, expressions: Expressions): FieldError[] {
  const annotations = spec?.auditAnnotations ?? [];
  const path = 'spec.auditAnnotations';
  const keys = annotations.map(({ key }) => key);
  const tooManyDetail = `must not have more than ${auditAnnotationsMax} auditAnnotations`;
  return [
    ...(annotations.length > auditAnnotationsMax ? [invalid(path, annotations, tooManyDetail)] : []),
    ...annotations.flatMap(({ key = '', valueExpression = '' }, index) => {
      const place = `${path}[${index}]`;
      const whole = `${metadata?.name ?? ''}/${key}`;
      return [
        ...(metadata?.name
          ? invalids(`${place}.key`, whole, qualifiedName(whole))
          : [invalid(`${place}.key`, key, 'requires metadata.name be non-empty')]),
        ...validateValueExpression(valueExpression, expressions, `${place}.valueExpression`),
        ...(keys.indexOf(key) < index ? [duplicate(`${place}.key`, key)] : []),
      ];
    }),
  ];
}

function validateValueExpression(text: string, expressions: Expressions, path: string): FieldError[] {
  const trimmed = text.trim();
  if (trimmed === '') return [required(path, 'valueExpression is not specified')];
  if (Buffer.byteLength(trimmed) > auditExpressionBytesMax) {
    return [required(path, `must not exceed ${auditExpressionBytesMax} bytes in length`)];
  }
  return problem(expressions.compile(trimmed, ['string', 'null_type']), path, text);
}

type Mutation = NonNullable<NonNullable<MutatingPolicy['spec']>['mutations']>[number];

function validateMutation(mutation: Mutation, expressions: Expressions, path: string): FieldError[] {
  const { patchType } = mutation;
  const types = ['ApplyConfiguration', 'JSONPatch'];
  if (patchType !== 'JSONPatch' && patchType !== 'ApplyConfiguration') {
    return patchType ? [notSupported(`${path}.patchType`, patchType, types)] : [required(`${path}.patchType`)];
  }
  const members = { JSONPatch: 'jsonPatch', ApplyConfiguration: 'applyConfiguration' } as const;
  const own = members[patchType];
  const other = own === 'jsonPatch' ? 'applyConfiguration' : 'jsonPatch';
  const given = mutation[own];
  const expression = given?.expression?.trim() ?? '';
  const misplaced = {
    ...invalid(`${path}.${other}`, `{${other}}`, `must not be specified when patchType is ${patchType}`),
  };
  return [
    ...(given
      ? expression === ''
        ? [required(`${path}.${own}.expression`)]
        : problem(expressions.compile(expression), `${path}.${own}.expression`)
      : [required(`${path}.${own}`, `must be specified when patchType is ${patchType}`)]),
    ...(mutation[other] ? [misplaced] : []),
  ];
}

function validateBinding({ spec }: Binding): FieldError[] {
  const name = spec?.policyName ?? '';
  return [
    ...(name === '' ? [required('spec.policyName')] : invalids('spec.policyName', name, dnsSubdomain(name))),
    ...validateParamRef(spec?.paramRef, 'spec.paramRef'),
    ...validateMatchResources(spec?.matchResources, 'spec.matchResources'),
  ];
}

type ParamRef = NonNullable<Binding['spec']>['paramRef'];

function validateParamRef(reference: ParamRef, path: string): FieldError[] {
  if (!reference) return [];
  const { name = '', selector, parameterNotFoundAction } = reference;
  const exclusive = 'name and selector are mutually exclusive';
  return [
    ...(name === '' ? [] : invalids(`${path}.name`, name, pathSegment(name))),
    ...(name !== '' && selector ? [forbidden(`${path}.name`, exclusive)] : []),
    ...validateLabelSelector(selector, `${path}.selector`),
    ...(name !== '' && selector ? [forbidden(`${path}.selector`, exclusive)] : []),
    ...(name === '' && !selector ? [required(path, 'one of name or selector must be specified')] : []),
    ...oneOf(`${path}.parameterNotFoundAction`, parameterNotFoundAction, ['Deny', 'Allow']),
  ];
}

function validateActions(given: readonly string[], path: string): FieldError[] {
  const both =
    'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
  return [
    ...given.flatMap((action, index) => [
      ...(actions.includes(action) ? [] : [notSupported(`${path}[${index}]`, action, actions)]),
      ...(given.indexOf(action) < index ? [duplicate(`${path}[${index}]`, action)] : []),
    ]),
    ...(given.includes('Deny') && given.includes('Warn') ? [invalid(path, given, both)] : []),
    ...(given.length === 0 ? [required(path, 'at least one validation action is required')] : []),
  ];
}

function problem(expression: Expression | undefined, path: string, shown = expression?.text): FieldError[] {
  return expression?.problem === undefined ? [] : [invalid(path, shown, expression.problem)];
}
