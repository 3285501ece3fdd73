/** Images of the stores' servers, made of programs of this machine: for where the ordinary images cannot be pulled. */
import { programEntries } from './base.ts';
import { USER } from './contents.ts';
import { type Image, imageOf, layerOf, tagOf } from './image.ts';

/** The name of its program, and what the image is called: `orrery/minio:TAG`. */
export type StoreProgram = 'ferretdb' | 'minio';

/** The program at `/usr/local/bin` with the libraries that it is linked with, as nobody's user. */
export async function storeImage(name: StoreProgram, program: string): Promise<Image> {
  const path = `/usr/local/bin/${name}`;
  const layer = await layerOf(programEntries(path, program));
  const settings = { user: USER, environment: ['PATH=/usr/local/bin'], entrypoint: [path] };
  return imageOf(`orrery/${name}:${tagOf([layer])}`, settings, [layer]);
}
