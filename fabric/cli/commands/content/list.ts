/** `fabric content list`. */
import type { Command } from '../../command.ts';
import { listOptions, printList } from '../../lists.ts';
import { withoutSlashes } from './key.ts';

interface ShownObject {
  readonly Key: string;
  readonly ContentType?: string;
  readonly LastModified?: string;
  readonly Size?: number;
}

export const listContent: Command = {
  path: ['content', 'list'],
  alias: 'l',
  summary: 'List content by the beginning of its key',
  options: [
    { flags: '--prefix <text>', description: 'how keys must begin' },
    ...listOptions.filter(({ flags }) => !/--filter|--sort/.test(flags)),
  ],
  async run(call) {
    call.count('limit', 0);
    call.count('skip', 0);
    const gateway = await call.context.gateway();
    const prefix = call.text('prefix');
    const rows = await gateway.json<ShownObject[]>(gateway.inProject('content'), {
      query: { filter: prefix && withoutSlashes(prefix), limit: call.text('limit'), skip: call.text('skip') },
      about: 'list of content',
    });
    const columns = [
      { title: 'Key', width: 70, value: ({ Key }: ShownObject) => Key },
      { title: 'Content Type', width: 30, value: ({ ContentType }: ShownObject) => ContentType },
      { title: 'Last Modified', width: 30, value: ({ LastModified }: ShownObject) => LastModified },
      { title: 'Size (bytes)', width: 20, value: ({ Size }: ShownObject) => Size },
    ];
    await printList(call, { rows, columns, what: 'content' });
  },
};
