/**
 * The seam between skills and what of them stands in a cluster: daemons, and the resources that actions bring along.
 */
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import type { Action } from '../skills/action.ts';
import type { Skill } from '../skills/skill.ts';

export interface ActionStatus {
  readonly name: string;
  /** READY, PENDING or FAILED; of what needs no deployment DEPLOYED. */
  readonly state: string;
}

export interface Deployer {
  /**
   * Makes what the actions need, changes what differs, removes what they no longer need. Throws a Problem when it
   * cannot.
   */
  deploy(skill: Skill, actions: readonly Action[]): Promise<void>;
  /** Removes all of it; nothing there is fine. */
  undeploy(skill: Skill): Promise<void>;
  /** What `deploy` would make. Pure. Throws a Problem for what is not allowed. */
  resources(skill: Skill, actions: readonly Action[]): readonly KubernetesObject[];
  status(skill: Skill, actions: readonly Action[]): Promise<readonly ActionStatus[]>;
}
