/** Where engines keep state when the user has not said otherwise: .amq/state in the project. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface StateHome {
  readonly directory: string;
  /** The file that holds the passphrase of the secrets in the state, readable by its owner only. */
  readonly passphraseFile: string;
}

/** The state folder; made, with a passphrase of its own, when missing. */
export function stateHome(projectDir: string): StateHome {
  const directory = join(projectDir, ".amq", "state");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const passphraseFile = join(directory, "passphrase");
  if (!existsSync(passphraseFile)) {
    writeFileSync(passphraseFile, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  }
  return { directory, passphraseFile };
}

/** PULUMI_CONFIG_PASSPHRASE, or what PULUMI_CONFIG_PASSPHRASE_FILE holds, or our own passphrase. */
export function passphrase(home: StateHome): string {
  const given = process.env["PULUMI_CONFIG_PASSPHRASE"];
  if (given !== undefined) return given;
  return readFileSync(process.env["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? home.passphraseFile, "utf8").trim();
}

/** Removes the state folder, and .amq, when no stack is left in them. `stacks` is where the engine keeps one entry per stack. */
export function removeStateHomeIfUnused(projectDir: string, stacks: string): void {
  const left = existsSync(stacks) ? readdirSync(stacks).filter((name) => name.endsWith(".json")) : [];
  if (left.length > 0) return;
  rmSync(join(projectDir, ".amq", "state"), { recursive: true, force: true });
  const amq = join(projectDir, ".amq");
  if (existsSync(amq) && readdirSync(amq).length === 0) rmSync(amq, { recursive: true });
}
