/** What the skill does. */

/** As Fabric delivers it; more members come with it. */
export interface Message {
  readonly payload?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** The work: what it returns is the skill's output. Change this. */
export async function run(message: Message): Promise<unknown> {
  return message.payload;
}
