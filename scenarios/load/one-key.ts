/**
 * Many write to one place in one instant. Of eight uploads of one key the content is one of them, whole, and never a
 * mixture; of eight batches that begin one log one is taken and the others are told where the log stands.
 */
import { fails, forEach, holds, worst } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

const key = '/fabric/v4/projects/proj1/content/shared/file.txt';
const log = '/internal/logs/proj1/shared-1';
const writers = [1, 2, 3, 4, 5, 6, 7, 8];

export default scenario({
  title: 'Of several that write one key or one log at once, one is taken whole',
  needs: ['virtual time', 'network faults'],
  async play({ when, then }) {
    const bodyOf = (writer: number) => `${writer}`.repeat(writer * 1000);
    const headers = { 'content-type': 'text/plain' };
    const uploads = writers.map((writer) => ({ path: key, method: 'POST', body: bodyOf(writer), headers }));
    // So slow that all of them are under way together.
    const heal = when.fault({ kind: 'slow-body', bytesPerSecond: 4000 });
    const stored = await when.askedAtOnce('gateway', 'uploads of one key', uploads);
    heal();
    then.add(
      'each upload is taken',
      equals(
        stored.map(({ status }) => status),
        Array(8).fill(200),
      ),
    );
    const { text, header } = await when.asked(key);
    const isWhole = writers.some((writer) => text === bodyOf(writer));
    then.add('the content is one of them, whole', isWhole ? holds(`${text.length} bytes`) : fails(text.slice(0, 80)));
    then.add('its length is told', equals(header('content-length'), String(text.length)));

    const batches = writers.map((writer) => ({
      path: `${log}?line=0&complete=true`,
      method: 'POST',
      body: `2026-01-01T00:00:0${writer}Z writer ${writer}\n`,
      headers,
    }));
    const healAgain = when.fault({ kind: 'slow-body', bytesPerSecond: 10 });
    const answers = await when.askedAtOnce('content', 'batches that begin one log', batches);
    healAgain();
    const taken = answers.filter(({ status }) => status === 200);
    then.add('one batch is taken', equals(taken.length, 1));
    then.add(
      'the others are told that the log stands at line 1',
      forEach(
        answers.filter((answer) => answer.status !== 200),
        'refusals',
        (answer) => {
          const { lines } = answer.json<{ lines?: number }>();
          return answer.status === 409 && lines === 1 ? undefined : `${answer.status} ${answer.text.slice(0, 100)}`;
        },
      ),
    );
    const [rows] = await when.askedAtOnce('content', 'the rows of the log', [{ path: `${log}/rows` }]);
    const found = rows?.json<{ rows: { text: string }[]; matching: number }>();
    then.add(
      'the log is that one line',
      worst([equals(found?.matching, 1), equals(/^writer \d$/.test(found?.rows[0]?.text ?? ''), true)]),
    );
  },
});
