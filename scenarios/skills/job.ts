/**
 * The job skill of the seeds as a real Python process: it reads its payload, the last argument, as JSON and writes to
 * stdout and stderr. The payload holds what shells and Kubernetes like to change (`$`, `$(HOME)`, quotes, a line break)
 * and must arrive byte for byte.
 */
import { scenario } from '../../harness/scenario/scenario.ts';

const payload = JSON.stringify({ payload: { text: 'costs $5, $(HOME), $$, "quotes", \n and ünïcode' } });

export default scenario({
  title: 'A Python job skill gets its payload byte for byte, and all it prints is its log',
  needs: ['real processes', 'python'],
  async play({ given, when, then }) {
    const task = await given.task('python-job', { image: 'orrery/job-skill', payload, args: [] });
    await when.recorded(task, '30s');
    await then.recorded(task, 'COMPLETE', { exitCode: 0, payload });
    await then.logged(task, 'Received: costs $5, $(HOME), $$, "quotes"');
  },
});
