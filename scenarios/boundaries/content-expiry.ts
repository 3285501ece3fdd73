/**
 * Content that was given a time to live is there one instant before it is over, and not in the instant in which it is;
 * what was given none stays. A new upload counts from anew. A time to live of 0 is refused.
 */
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

const content = '/fabric/v4/projects/proj1/content';

export default scenario({
  title: 'Content is there until its time to live is over, to the instant',
  needs: ['virtual time'],
  async play({ when, then }) {
    const put = (key: string, ttl?: string) =>
      when.asked(`${content}/${key}`, {
        method: 'POST',
        body: key,
        headers: { 'content-type': 'text/plain', ...(ttl === undefined ? {} : { 'x-content-ttl': ttl }) },
      });
    const statuses = async () => {
      const keys = ['brief', 'renewed', 'kept'];
      const answers = await when.askedAtOnce(
        'gateway',
        'is it there',
        keys.map((key) => ({ path: `${content}/${key}` })),
      );
      return answers.map(({ status }) => status);
    };
    await when.timeReaches('2026-01-01T00:01:00Z');
    await when.askedAtOnce(
      'gateway',
      'uploads with a time to live of a minute',
      ['brief', 'renewed'].map((key) => ({
        path: `${content}/${key}`,
        method: 'POST',
        body: key,
        headers: { 'content-type': 'text/plain', 'x-content-ttl': '60' },
      })),
    );
    await put('kept');
    then.add('a time to live of 0 is refused', equals((await put('never', '0')).status, 400));
    await when.timeReaches('2026-01-01T00:01:30Z');
    await put('renewed', '60');
    await when.timeReaches('2026-01-01T00:01:59.990Z');
    then.add('just before its time all is there', equals(await statuses(), [200, 200, 200]));
    await when.timeReaches('2026-01-01T00:02:00.050Z');
    then.add('as its time is over it has gone', equals(await statuses(), [404, 200, 200]));
    await when.timeReaches('2026-01-01T00:02:29.900Z');
    then.add('what was renewed has its time from then on', equals(await statuses(), [404, 200, 200]));
    await when.timeReaches('2026-01-01T00:02:30.100Z');
    then.add('and goes with it', equals(await statuses(), [404, 404, 200]));
    const listed = await when.asked(content);
    then.add(
      'nothing else is listed',
      equals(
        listed.json<{ Key: string }[]>().map(({ Key }) => Key),
        ['kept'],
      ),
    );
  },
});
