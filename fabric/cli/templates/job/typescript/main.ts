/**
 * The skill {{name}}, a job: it does its work once and ends.
 *
 * The last argument is the message, JSON text; what the invoker gave stands under `payload`. All that is printed, on
 * stdout and stderr, is the log of the task and the response of the skill. An exit code other than 0 marks the task as
 * FAILED; an agent goes on all the same.
 */
import { type Message, sendMessage } from './messages.ts';

/** The work. Change this. */
async function run(message: Message): Promise<void> {
  const { payload } = message;
  console.log(`Received: ${JSON.stringify(payload)}`);
  const count = recordsWanted(payload);
  for (let number = 1; number <= count; number += 1) {
    // Records that are sent go to the next skill at once, and take the place of what is printed.
    await sendMessage(message, { text: `Send message ${number}` });
  }
  if (count > 0) console.log(`Generated ${count} messages`);
}

function recordsWanted(payload: unknown): number {
  if (typeof payload !== 'object' || payload === null || !('num_records' in payload)) return 0;
  return Number(payload.num_records);
}

/** Resolves with the exit code. */
async function main(parameters: readonly string[]): Promise<number> {
  const text = parameters.at(-1);
  if (text === undefined) return refuse('the message is missing: give it as the last argument, JSON text');
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    return refuse(`the last argument is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    return refuse('the message must be a JSON object');
  }
  await run(message as Message);
  return 0;
}

function refuse(why: string): number {
  console.error(`Error: ${why}`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
