/** SSH keys of a lab: one to enter its hosts with, and one for each host to be known by. */
import { readFileSync, rmSync } from "node:fs";
import { run } from "../../../core/util/process";

/** Makes a key pair: `file`, and `file.pub` beside it; what was there is replaced. */
export async function makeKey(file: string, comment: string): Promise<void> {
  for (const half of [file, publicFile(file)]) rmSync(half, { force: true });
  await run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file);
}

/** The public half as known_hosts has it: type and base64. */
export function publicKey(file: string): string {
  return readFileSync(publicFile(file), "utf8").trim().split(" ").slice(0, 2).join(" ");
}

function publicFile(file: string): string {
  return `${file}.pub`;
}
