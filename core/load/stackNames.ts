/** Which stacks there are; apart from reading one, so that `amq --help` need not load the schema. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** `stackConfigDir` of Pulumi.yaml. */
export const FOLDER = "config";

/** The stacks that have a file, by name. */
export function stacksOf(projectDir: string): string[] {
  const folder = join(projectDir, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}
