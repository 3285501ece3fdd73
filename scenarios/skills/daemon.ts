/**
 * The daemon skill of the seeds as a real Python process: a long-running HTTP server in a plain Pod that is always
 * restarted, its port in the environment. It answers with a JSON object that has a `payload`.
 */
import { scenario } from '../../harness/scenario/scenario.ts';

const port = 25_000;

export default scenario({
  title: 'A Python daemon skill in a Pod answers over HTTP',
  needs: ['real processes', 'python'],
  async play({ given, when, then }) {
    await given.daemon('python-daemon', 'orrery/daemon-skill', port);
    const answer = await when.called(`http://127.0.0.1:${port}/invoke`, { payload: { text: 'hello' } }, '20s');
    await then.equal('the answer’s payload is what was sent', () => JSON.parse(answer).payload, { text: 'hello' });
  },
});
