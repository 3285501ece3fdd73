/**
 * The objects that say what requests must keep, and what is changed in them: their shapes, and where they are stored.
 */
import type {
  V1MatchResources,
  V1MutatingAdmissionPolicy,
  V1MutatingAdmissionPolicyBinding,
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
} from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';

export type ValidatingPolicy = Wire<V1ValidatingAdmissionPolicy>;
export type ValidatingBinding = Wire<V1ValidatingAdmissionPolicyBinding>;
export type MutatingPolicy = Wire<V1MutatingAdmissionPolicy>;
export type MutatingBinding = Wire<V1MutatingAdmissionPolicyBinding>;
export type MatchResources = Wire<V1MatchResources>;
export type Policy = ValidatingPolicy | MutatingPolicy;
export type Binding = ValidatingBinding | MutatingBinding;

export const policyGroup = 'admissionregistration.k8s.io';
