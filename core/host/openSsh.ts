/** The OpenSSH client of this machine, as `amq` and the stand-in engine use it; the real engine has a client of its own. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { shellQuote } from "../util/shell";
import type { SshAccess, SshLogin } from "./ssh";

/** Seconds to wait for a machine that does not answer; a dead one must not hold up what is asked of the others. */
const CONNECT_SECONDS = 10;

let scratch: string | undefined;

/** A folder for this process alone: known hosts and the sockets of shared connections. */
function scratchFolder(): string {
  if (scratch === undefined) {
    // Short: a socket's path may have about 100 characters.
    scratch = mkdtempSync(join(tmpdir(), "amq-ssh-"));
    process.on("exit", removeScratch);
  }
  return scratch;
}

/** Removes what this process wrote for ssh; happens by itself at its end, but not where that cannot be seen (in Jest). */
export function removeScratch(): void {
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  scratch = undefined;
}

/** A path as people write it, `~` for their home. */
export function expandHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}

/**
 * Arguments of `ssh` (after the program's name, before the command) that log in to a host. Connections to one host are
 * shared for ten seconds, so that asking it again costs no second handshake.
 */
export function sshArguments(access: SshAccess): string[] {
  const key = access.privateKeyFile === undefined ? undefined : expandHome(access.privateKeyFile);
  const { bastion } = access;
  return [
    ...options(access, key),
    ...["-o", "ControlMaster=auto", "-o", "ControlPersist=10", "-o", `ControlPath=${join(scratchFolder(), "%C")}`],
    ...(bastion === undefined ? [] : ["-o", `ProxyCommand=${proxyCommand(bastion, key)}`]),
    target(access),
  ];
}

/**
 * Asks the way through a bastion alone, for the error of a connection that failed: a shared connection does not show what its
 * ProxyCommand says (OpenSSH's sshconnect.c gives it /dev/null).
 *
 * @returns what ssh says, as in "channel 0: open failed: connect failed: No route to host"; empty when the way is open, or is none
 */
export async function saidOnTheWay(access: SshAccess): Promise<string> {
  const { bastion, address, port } = access;
  if (bastion === undefined) return "";
  const key = access.privateKeyFile === undefined ? undefined : expandHome(access.privateKeyFile);
  // The first of two values counts; a channel that was refused is told at this level.
  const args = ["-o", "LogLevel=INFO", ...options(bastion, key), "-W", `${address}:${port}`, target(bastion)];
  return new Promise((resolve) => {
    let open = false;
    // A gentler signal ends ssh with exit code 0 while the bastion still waits: nobody could tell that from an open way.
    const limit = { timeout: 2 * CONNECT_SECONDS * 1000, killSignal: "SIGKILL" } as const;
    const child = execFile("ssh", args, limit, (error, _stdout, stderr) => {
      const lines = stderr.split("\n").map((line) => line.trim());
      const said = lines.filter((line) => line !== "" && !line.startsWith("Warning: Permanently added"));
      // A bastion that does not answer is given up sooner.
      if (error?.killed === true) said.push(`open failed: ${address} did not answer ${bastion.address}: timed out`);
      resolve(open ? "" : said.join("\n"));
    });
    // A host's sshd speaks first: there is somebody.
    child.stdout?.once("data", () => {
      open = true;
      child.kill();
    });
  });
}

const target = ({ user, address }: SshLogin) => `${user}@${address}`;

/** A line for a shell; `%h` and `%p` are ssh's own there. */
function proxyCommand(bastion: SshLogin, key: string | undefined): string {
  const words = (all: readonly string[]) => all.map(shellQuote).join(" ");
  return `${words(["ssh", ...options(bastion, key)])} -W %h:%p ${words([target(bastion)])}`;
}

function options(login: SshLogin, key: string | undefined): string[] {
  const checked =
    login.hostKey === undefined
      ? { StrictHostKeyChecking: "no", UserKnownHostsFile: "/dev/null" }
      : { StrictHostKeyChecking: "yes", UserKnownHostsFile: knownHosts(login, login.hostKey) };
  const all = {
    ...checked,
    GlobalKnownHostsFile: "/dev/null",
    BatchMode: "yes",
    ConnectTimeout: String(CONNECT_SECONDS),
    ServerAliveInterval: "5",
    ServerAliveCountMax: "3",
    LogLevel: "ERROR",
    ...(key !== undefined && { IdentitiesOnly: "yes" }),
  };
  return [
    // Nothing of the user's own settings: what holds is in the stack file.
    ...["-F", "none", "-p", String(login.port)],
    ...(key === undefined ? [] : ["-i", key]),
    ...Object.entries(all).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
  ];
}

/** A file of known hosts with this one key, for this one host. */
function knownHosts(login: SshLogin, hostKey: string): string {
  const name = login.port === 22 ? login.address : `[${login.address}]:${login.port}`;
  return scratchFile("known", `${name} ${hostKey}\n`);
}

/** Writes a private key where only this user can read it, and returns the file. */
export function keyFile(privateKey: string): string {
  return scratchFile("key", privateKey.endsWith("\n") ? privateKey : `${privateKey}\n`);
}

/** A file named by what is in it. Written once: writing it again would empty it for a moment, under an ssh that reads it. */
function scratchFile(kind: string, text: string): string {
  const file = join(scratchFolder(), `${kind}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`);
  if (!existsSync(file)) writeFileSync(file, text, { mode: 0o600 });
  return file;
}
