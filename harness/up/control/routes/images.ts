/** `/images`: programs of this machine as images. Pods that start later run them. */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { json, named, words } from '../../../../fabric/openapi/operation.ts';
import type { Files } from '../../../../world/files.ts';
import { DocumentError } from '../../../documents/fields.ts';
import { checkAdministrator } from '../administrator.ts';
import { readJson, sendJson } from '../bodies.ts';
import { ControlError } from '../errors.ts';
import { type ControlRequest, done, route } from '../route.ts';

const localImage = {
  command: z.array(z.string()).min(1).describe('Program and first arguments; a container’s own command replaces it.'),
  folder: z.string().min(1).optional().describe('Where it runs: an absolute path.'),
  environment: z.record(z.string(), z.string()).optional().describe('Besides what the container sets.'),
};
const registration = named(
  'ImageRegistration',
  z.strictObject({ image: z.string().min(1).describe('As pods name it.'), ...localImage }),
);
const listed = z.strictObject({
  images: z.record(z.string(), named('LocalImage', z.strictObject(localImage))).describe('By their names.'),
});

export const listImages = route(
  {
    operationId: 'listImages',
    method: 'GET',
    path: '/images',
    tag: 'images',
    summary: 'Lists the images that are programs of this machine',
    answer: json(listed),
    isForAdministrators: true,
  },
  administrators(async ({ options, response }) => sendJson(response, 200, { images: options.images.list() })),
);

export const registerImage = route(
  {
    operationId: 'registerImage',
    method: 'POST',
    path: '/images',
    tag: 'images',
    summary: 'Makes an image of a program of this machine, in the place of one of that name',
    body: registration,
    answer: json(done),
    isForAdministrators: true,
  },
  administrators(async ({ options, request, response }) => {
    const { image, ...program } = registrationOf(await readJson(request));
    await checkFolder(options.files, program.folder);
    options.images.register(image, {
      command: program.command,
      ...(program.folder === undefined ? {} : { folder: program.folder }),
      ...(program.environment === undefined ? {} : { environment: program.environment }),
    });
    sendJson(response, 200, { success: true });
  }),
);

export const removeImage = route(
  {
    operationId: 'removeImage',
    method: 'DELETE',
    path: '/images/{image}',
    tag: 'images',
    summary: 'Takes an image away; containers that run go on',
    places: { image: words('Its name, percent-encoded.') },
    answer: json(done),
    refuses: [400, 404],
    isForAdministrators: true,
  },
  administrators(async ({ options, response, place }) => {
    if (!options.images.remove(place)) throw new ControlError(404, `there is no image ${JSON.stringify(place)}`);
    sendJson(response, 200, { success: true });
  }),
);

function administrators(handle: (asked: ControlRequest) => Promise<void>): (asked: ControlRequest) => Promise<void> {
  return async (asked) => {
    checkAdministrator(asked.request, asked.options.token);
    await handle(asked);
  };
}

function registrationOf(body: Record<string, unknown>): z.infer<typeof registration> {
  const { data, error } = registration.safeParse(body);
  if (data) return data;
  throw new DocumentError(
    error.issues.map(({ path, message }) => ({ field: path.join('.') || 'the body', message: `is wrong: ${message}` })),
  );
}

async function checkFolder(files: Files, folder: string | undefined): Promise<void> {
  if (folder === undefined) return;
  const kind = isAbsolute(folder) ? (await files.status(folder))?.kind : undefined;
  if (kind === 'folder') return;
  throw new DocumentError([{ field: 'folder', message: 'must be the absolute path of a folder of this machine' }]);
}
