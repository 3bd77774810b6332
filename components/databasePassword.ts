/** The password of a database that the user has: from a file of theirs, so that it is in no stack file. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ClusterConfig } from "../config/schema";

/**
 * The first line of `jdbc.passwordFile`; undefined when the stack file names none.
 * @throws Error naming the file when it cannot be read or is empty
 */
export function givenPassword({ jdbc: { passwordFile } }: Pick<ClusterConfig, "jdbc">): string | undefined {
  if (passwordFile === undefined) return undefined;
  const password = firstLine(
    passwordFile.replace(/^~(?=\/)/, () => homedir()),
    passwordFile,
  );
  if (password !== "") return password;
  throw new Error(`jdbc.passwordFile: ${passwordFile} is empty. Write the password of jdbc.user to its first line`);
}

function firstLine(file: string, asWritten: string): string {
  try {
    return readFileSync(join(file), "utf8").split(/\r?\n/)[0] ?? "";
  } catch (error) {
    throw new Error(
      `jdbc.passwordFile: ${asWritten} cannot be read (${(error as NodeJS.ErrnoException).code ?? "?"}). Write the path of a file whose first line is the password of jdbc.user`,
      { cause: error },
    );
  }
}
