/** The objects that a binding gives to its policy. Source: Kubernetes' `CollectParams`. */
import { type Backend, tableOf } from '../../backend.ts';
import type { ApiObject } from '../../json.ts';
import type { Binding, Policy } from '../../policies/kinds.ts';
import { selectorMatches } from '../../selectors/label-requirements.ts';
import { versioned } from './attributes.ts';

/** A binding that cannot be used with this request: the policy's failurePolicy says what becomes of it. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly why: string;

  constructor(why: string) {
    super(`failed to configure binding: ${why}`);
    this.why = why;
  }
}

/** One undefined for a policy without params; none at all where a missing one is allowed. Throws ConfigurationError. */
export function paramsOf(
  backend: Backend,
  policy: Policy,
  binding: Binding,
  namespace: string,
): (ApiObject | undefined)[] {
  const { paramKind } = policy.spec ?? {};
  const { paramRef } = binding.spec ?? {};
  if (!paramKind || !paramRef) return [undefined];
  const { apiVersion = '', kind = '' } = paramKind;
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const resource = backend.registry.findKind(group, version, kind);
  if (!resource) {
    throw new ConfigurationError(`paramKind kind \`&ParamKind{APIVersion:${apiVersion},Kind:${kind},}\` not known`);
  }
  if (!resource.namespaced && paramRef.namespace) {
    throw new ConfigurationError('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  }
  const place = resource.namespaced ? paramRef.namespace || namespace : '';
  if (resource.namespaced && place === '') {
    throw new ConfigurationError(
      'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
    );
  }
  const found = tableOf(backend, resource)
    .list(place)
    .map(({ object }) => object)
    .filter(({ metadata }) =>
      paramRef.name ? metadata.name === paramRef.name : selectorMatches(paramRef.selector, metadata.labels ?? {}),
    );
  if (found.length === 0 && paramRef.parameterNotFoundAction === 'Deny') {
    throw new ConfigurationError('no params found for policy binding with `Deny` parameterNotFoundAction');
  }
  return found.map((object) => versioned(resource, object));
}
