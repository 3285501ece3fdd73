/** The message that a job gets, and single records to the next skill of an agent while this one still works. */

/** As Fabric delivers it; more members come with it. */
export interface Message {
  readonly activationId: string;
  readonly channelId: string;
  readonly projectId: string;
  readonly token: string;
  readonly apiEndpoint: string;
  readonly payload?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly outputName?: string;
}

const timeoutMs = 30_000;

/**
 * Sends one record through an output of the skill: that of the message unless it is named. Rejects when it is not
 * taken.
 */
export async function sendMessage(message: Message, record: unknown, output?: string): Promise<void> {
  // FABRIC_URL is set where the name in the message cannot be resolved: a program that `orrery up` runs on this
  // machine.
  const base = process.env.FABRIC_URL || message.apiEndpoint;
  const ids = [message.activationId, message.channelId, output ?? message.outputName ?? 'response'];
  const answer = await fetch(`${base.replace(/\/+$/, '')}/internal/messages/${ids.map(encodeURIComponent).join('/')}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${message.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(record),
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!answer.ok) throw new Error(`the message was not taken: ${answer.status} ${await answer.text()}`);
}
