/** Text that is safe inside HTML and SVG. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function safe(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** An element; attributes are made safe, content is markup. */
export function element(name: string, attributes: Readonly<Record<string, string | number>>, content = ''): string {
  const list = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${safe(String(value))}"`)
    .join('');
  return `<${name}${list}>${content}</${name}>`;
}

/** `2026-01-01 00:05:30.120`, in UTC. */
export function instantText(at: number): string {
  return new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace('Z', '')
    .replace(/\.000$/, '');
}
