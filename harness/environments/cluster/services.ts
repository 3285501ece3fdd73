/** Operator, gateway and content of one scenario, wherever they run: deployed in its namespace, or in this process. */
import type { Report } from '../../recording/recording.ts';
import type { FabricService, GatewayAccess } from '../environment.ts';

export interface FabricServices {
  /** undefined where the scenario asked for an operator without it. */
  readonly gateway: GatewayAccess | undefined;
  readonly content: GatewayAccess | undefined;
  /** Each request of a service can be seen, and the service killed at it. */
  readonly seesRequests: boolean;
  /** Brings all up; rejects with what to do when that fails. */
  up(): Promise<void>;
  isRunning(service: FabricService): boolean;
  /** Starts one that was killed, and resolves when it is ready; one that runs is left alone. */
  start(service: FabricService): Promise<void>;
  kill(service: FabricService): Promise<void>;
  /** What the operator has told the gateway so far. */
  reports(): Promise<readonly Report[]>;
  /** What befell the services without anybody's doing, in words. */
  mishaps(): Promise<readonly string[]>;
  /** What is deployed goes with its namespace. */
  stop(): Promise<void>;
}
