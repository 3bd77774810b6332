/** Scripts that are files of their own, with what differs filled in. Pure. */

/** As in `@heapMiB@`: no shell means anything by it, so that a script with places is still one. */
const PLACE = /@([a-zA-Z]+)@/g;

/**
 * @param text   with `@name@` where a value goes; several lines may go there
 * @param values for every name in the text, and for no other
 * @throws Error for a name without a value, or a value without a place: a fault of ours
 */
export function fillIn(text: string, values: Readonly<Record<string, string | number>>): string {
  const used = new Set<string>();
  const filled = text.replaceAll(PLACE, (_place, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the text has a place for ${name}, and there is no value for it`);
    used.add(name);
    return String(value);
  });
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`the text has no place for ${unused.join(", ")}`);
  return filled;
}
