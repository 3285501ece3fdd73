/** Defaults of role bindings: groups of the role and of its subjects. */
import type { V1ClusterRoleBinding, V1RoleBinding } from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';

type Binding = Wire<V1RoleBinding> | Wire<V1ClusterRoleBinding>;

const group = 'rbac.authorization.k8s.io';

export function defaultBinding(binding: Binding): Binding {
  return {
    ...binding,
    roleRef: { ...binding.roleRef, apiGroup: binding.roleRef?.apiGroup || group },
    ...(binding.subjects
      ? {
          subjects: binding.subjects.map((subject) =>
            subject.apiGroup || subject.kind === 'ServiceAccount' ? subject : { ...subject, apiGroup: group },
          ),
        }
      : {}),
  };
}
