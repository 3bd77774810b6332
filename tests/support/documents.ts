/** The documents of the project, and what is in them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./raw";

/** Every document, by its path in the project. */
export function documents(): string[] {
  const below = (folder: string) =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => !file.includes("node_modules"))
      .map((file) => join(folder, file));
  const all = [...readdirSync(PROJECT), ...below("docs"), ...below("examples"), "package/README.md"];
  return all.filter((file) => file.endsWith(".md")).sort();
}

/** A document's text. */
export function documentText(file: string): string {
  return readFileSync(join(PROJECT, file), "utf8");
}

/** A line of a document that is not in a fenced block. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

export function proseOf(text: string): Line[] {
  let fenced = false;
  return text.split("\n").flatMap((line, i) => {
    const fence = /^\s*```/.test(line);
    if (fence) fenced = !fenced;
    return fence || fenced ? [] : [{ number: i + 1, text: line }];
  });
}
