import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Compares with a committed file, given from the project's root, which is rewritten when UPDATE_GOLDEN=1, and only then. */
export function expectGolden(name: string, text: string): void {
  const file = join(__dirname, "../..", name);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, text);
  if (!existsSync(file)) throw new Error(`there is no ${file}: run with UPDATE_GOLDEN=1, and read what it writes`);
  expect(text).toBe(readFileSync(file, "utf8"));
}
