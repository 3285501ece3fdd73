/** A session as it is stored: what skills remember between invocations (contract 3.10). */

export interface Session {
  readonly projectId: string;
  readonly sessionId: string;
  readonly description: string;
  /** Seconds that it lives on after each write. */
  readonly ttl: number;
  readonly state: Readonly<Record<string, unknown>>;
  readonly createdBy: string;
  /** Epoch ms of the environment's clock, as all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** From this instant on it is as if it had never been. */
  readonly expiresAt: number;
}

/** The SDK's documents say a quarter of an hour. */
export const ttlSecondsDefault = 15 * 60;
export const ttlSecondsMaximum = 366 * 24 * 60 * 60;
export const idLengthMaximum = 256;
/** Of all that a session holds, as JSON. */
export const stateBytesMaximum = 1024 * 1024;

export const sessionsDefinition = {
  name: 'sessions',
  scalars: ['projectId', 'sessionId', 'description', 'ttl', 'createdBy', 'createdAt', 'updatedAt', 'expiresAt'],
  indexes: [['projectId', 'updatedAt'], ['expiresAt']],
};

/** A project's name holds no space. */
export function storedId(project: string, sessionId: string): string {
  return `${project} ${sessionId}`;
}
