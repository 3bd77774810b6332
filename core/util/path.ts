/** Where something is in the configuration: keys and list positions from the top. */
export type Path = readonly (string | number)[];

/** A path as people read it: `groups[1].ports.openwire`. */
export function formatPath(path: Path): string {
  return path.map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? part : `.${part}`)).join("");
}

/** What is found at a path of plain data; undefined when there is nothing. */
export function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, part)
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    data,
  );
}
