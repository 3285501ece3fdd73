/** Tables of admission policies and their bindings. Source: upstream pkg/printers/internalversion. */
import { isRecord, listAt, recordAt, textAt } from '../json.ts';
import { ageColumn, column } from './columns.ts';
import { printer } from './printer.ts';

const unset = '<unset>';

const policyPrinter = (countColumn: string, counted: 'validations' | 'mutations') =>
  printer(
    [
      column(countColumn, `How many ${counted} it has.`, 'integer'),
      column('ParamKind', 'The kind of its params.'),
      ageColumn,
    ],
    (_object, { spec, age }) => {
      const kind = spec.paramKind;
      const shown = isRecord(kind) ? `${textAt(kind, 'apiVersion')}/${textAt(kind, 'kind')}` : unset;
      return [listAt(spec, counted).length, shown, age];
    },
  );

const bindingPrinter = printer(
  [column('PolicyName', 'The policy that it binds.'), column('ParamRef', 'The params that it gives.'), ageColumn],
  (_object, { spec, age }) => [textAt(spec, 'policyName'), paramsText(spec.paramRef), age],
);

function paramsText(reference: unknown): string {
  const name = textAt(reference, 'name');
  if (name !== '') return `${textAt(reference, 'namespace') || '*'}/${name}`;
  if (!isRecord(reference) || !isRecord(reference.selector)) return unset;
  const labels = Object.entries(recordAt(reference.selector, 'matchLabels')).sort(([a], [b]) => (a < b ? -1 : 1));
  const matchLabels = labels.map(([key, value]) => `${key}: ${value},`).join('');
  const expressions = listAt(reference.selector, 'matchExpressions').map(expressionText).join('');
  return `&LabelSelector{MatchLabels:map[string]string{${matchLabels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}

function expressionText(expression: unknown): string {
  const values = listAt(expression, 'values').join(' ');
  return `LabelSelectorRequirement{Key:${textAt(expression, 'key')},Operator:${textAt(expression, 'operator')},Values:[${values}],},`;
}

/** By group and kind. */
export const policyPrinters = {
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': policyPrinter('Mutations', 'mutations'),
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': bindingPrinter,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': policyPrinter('Validations', 'validations'),
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': bindingPrinter,
};
