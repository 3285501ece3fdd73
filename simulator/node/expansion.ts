/**
 * `$(NAME)` in commands, arguments and environment values (upstream third_party/forked/golang/expansion): a known name
 * is replaced, an unknown one left as it is, and `$$` is one dollar.
 */
export function expand(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    return Object.hasOwn(values, name) ? (values[name] ?? whole) : whole;
  });
}
