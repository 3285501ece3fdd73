/** One GraphQL operation: its data, or the first of its errors (contract 3.3). */
import type { CommandCall } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { refusalOf } from '../../gateway/refusal.ts';

interface GraphqlError {
  readonly message: string;
  readonly status?: number;
}

export async function graphql<Data>(
  call: CommandCall,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  about: string,
): Promise<Data> {
  const gateway = await call.context.gateway();
  const json = { query, variables };
  const answer = await gateway.json<{ data?: Data; errors?: readonly GraphqlError[] }>('/fabric/v4/graphql', {
    method: 'POST',
    json,
    about,
  });
  const [error] = answer.errors ?? [];
  if (error) throw refusalOf(error.status ?? 400, JSON.stringify(error), about);
  if (!answer.data) throw new CommandError('failed', `${about}: the gateway answered without data`);
  return answer.data;
}

export function notThere(name: string): CommandError {
  return new CommandError('notFound', `no project ${JSON.stringify(name)}, or it is not yours to see`);
}
