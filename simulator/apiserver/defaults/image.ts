/** Which pull policy an image has by default. */

/** Always for `latest` and for no tag at all, unless a digest pins it. */
export function defaultPullPolicy(image: string): 'Always' | 'IfNotPresent' {
  return tagOf(image) === 'latest' ? 'Always' : 'IfNotPresent';
}

/** The image's tag; `latest` without tag and digest; undefined when the name cannot be read. */
function tagOf(image: string): string | undefined {
  const [name = '', digest] = image.split('@');
  const slash = name.lastIndexOf('/');
  const colon = name.indexOf(':', slash + 1);
  const repository = colon < 0 ? name : name.slice(0, colon);
  if (!readableRepository.test(repository)) return undefined;
  if (colon >= 0) return name.slice(colon + 1);
  return digest === undefined ? 'latest' : undefined;
}

const readableRepository =
  /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;
