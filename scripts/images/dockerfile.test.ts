/**
 * The Dockerfile and the archive are two ways to the same images: what one list says, each stage of the Dockerfile
 * says.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { APP, BUNDLES, ENTRYPOINT, healthCheckOf, type ImageContents, images, USER } from './contents.ts';

const dockerfile = readFileSync(new URL('../../deploy/Dockerfile', import.meta.url), 'utf8');

/** Instructions of each stage by its name, in order. */
function stages(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    const [, name] = /^FROM \S+ AS (\S+)$/.exec(line) ?? [];
    if (name === undefined) current.push(line);
    else {
      current = [line];
      found.set(name, current);
    }
  }
  return found;
}

function expectedStage(image: ImageContents): string[] {
  const check = healthCheckOf(image);
  const words = (list: readonly string[]) => `[${list.map((word) => JSON.stringify(word)).join(', ')}]`;
  return [
    `FROM base AS ${image.name}`,
    `COPY --from=build /orrery/${BUNDLES}/${image.name} ${APP}`,
    ...image.writes.map((folder) => `COPY --from=build --chown=${USER} /data ${folder}`),
    ...(image.port === undefined ? [] : [`EXPOSE ${image.port}`]),
    ...(check ? [`HEALTHCHECK --interval=30s --timeout=6s CMD ${words(check)}`] : []),
    `ENTRYPOINT ${words(ENTRYPOINT)}`,
  ];
}

test.each(images)('the Dockerfile makes $name as the list says', (image) => {
  expect(stages(dockerfile).get(image.name)).toEqual(expectedStage(image));
});

test('the Dockerfile has a stage for each image of the list and no other', () => {
  expect([...stages(dockerfile).keys()]).toEqual(['build', 'base', ...images.map(({ name }) => name)]);
});

test('no image runs as root, and none with a tag that moves', () => {
  expect(stages(dockerfile).get('base')).toContain(`USER ${USER}`);
  const grounds = [...dockerfile.matchAll(/^FROM (?:\$\{(NODE)\}|(\S+)) AS/gm)].map(
    ([, named, stage]) => named ?? stage,
  );
  expect(new Set(grounds)).toEqual(new Set(['NODE', 'base']));
  expect(dockerfile).toMatch(/^ARG NODE=node:\d+\.\d+\.\d+-\S+$/m);
});
