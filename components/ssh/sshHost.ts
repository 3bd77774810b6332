/** A machine that exists, reached by SSH: everything runs there as root, through sudo unless that is who logs in. */
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { alsoAfter } from "../dependsOn";
import type { EfsMounts, HostAccess, Rejoin } from "../host";
import { expandHome } from "../../core/host/openSsh";
import { MACHINE_RUNTIMES, type SshAccess, type SshLogin, asRoot } from "../../core/host/ssh";

/**
 * The provider waits 15 s for an answer, this many times and once more, with short pauses: a machine that is not there fails
 * in about a minute and a half. Through a bastion it is the bastion that waits, two minutes each time, so there is one try more.
 */
const DIAL_ERRORS = 5;
const DIAL_ERRORS_BEHIND_BASTION = 1;
export const DIAL_SECONDS = 15;

/** @param behindBastion whether the connection goes through another machine */
export function dialErrors(behindBastion: boolean): number {
  return behindBastion ? DIAL_ERRORS_BEHIND_BASTION : DIAL_ERRORS;
}

export interface SshHostArgs {
  readonly access: SshAccess;
  /** The folder on the machine that holds everything of this stack. */
  readonly directory: string;
  /** Free MiB that the machine must have. */
  readonly freeMiB: number;
  /** Counted up when the machine was replaced by an empty one: then everything is done anew. */
  readonly generation: number;
}

export function sshHost(args: SshHostArgs): HostAccess {
  const { access, generation } = args;
  return remoteHost({
    connection: sshConnection(access),
    user: access.user,
    directory: args.directory,
    freeMiB: args.freeMiB,
    // Part of every command, so that another generation is a change of each.
    ...(generation > 1 && { fingerprint: `generation ${generation}` }),
  });
}

export interface RemoteHostArgs {
  /** Where the machine keeps its Java runtimes. Default: {@link MACHINE_RUNTIMES}. */
  readonly runtimes?: string;
  /** Of a machine whose data outlives it. */
  readonly rejoin?: Rejoin;
  /** What its brokers share. */
  readonly mounts?: EfsMounts;
  readonly connection: command.types.input.remote.ConnectionArgs;
  /** Who logs in. */
  readonly user: string;
  readonly directory: string;
  readonly freeMiB: number;
  /** Part of every command, so that another one is a change of each. */
  readonly fingerprint?: pulumi.Input<string>;
  /** What must be there before anything is run. */
  readonly after?: readonly pulumi.Resource[];
  /** When that goes, nothing needs to be removed on the machine. */
  readonly deletedWith?: pulumi.Resource;
}

/** A machine with systemd that commands reach by SSH. */
export function remoteHost(args: RemoteHostArgs): HostAccess {
  const { connection, user, fingerprint, after, deletedWith } = args;
  const line = (text: string) =>
    fingerprint === undefined ? asRoot(user, text) : pulumi.interpolate`${asRoot(user, text)} # ${fingerprint}`;
  const optionsOf = (opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions => ({
    ...opts,
    ...(after && { dependsOn: alsoAfter(opts.dependsOn, after) }),
    ...(deletedWith && { deletedWith }),
  });
  return {
    directory: args.directory,
    runtimes: args.runtimes ?? MACHINE_RUNTIMES,
    supervisor: "systemd",
    machineFreeMiB: args.freeMiB,
    ...(args.mounts && { mounts: args.mounts }),
    ...(args.rejoin && { rejoin: args.rejoin }),
    command: (name, shell, opts) =>
      new command.remote.Command(
        name,
        {
          connection,
          create: line(shell.create),
          addPreviousOutputInEnv: false,
          logging: shell.quiet === true ? "none" : "stdoutAndStderr",
          ...(shell.delete !== undefined && { delete: asRoot(user, shell.delete) }),
          ...(shell.stdin !== undefined && { stdin: shell.stdin }),
        },
        optionsOf(opts),
      ),
  };
}

/**
 * How the real engine logs in.
 * @throws Error naming the key file when it cannot be read
 */
export function sshConnection(access: SshAccess): command.types.input.remote.ConnectionArgs {
  const privateKey = access.privateKeyFile === undefined ? undefined : pulumi.secret(readKey(access.privateKeyFile));
  // Field by field: what the provider does not know, it prints.
  const login = ({ address, port, user, hostKey }: SshLogin) => ({
    host: address,
    port,
    user,
    dialErrorLimit: dialErrors(access.bastion !== undefined),
    perDialTimeout: DIAL_SECONDS,
    ...(hostKey !== undefined && { hostKey }),
    ...(privateKey !== undefined && { privateKey }),
  });
  return { ...login(access), ...(access.bastion !== undefined && { proxy: login(access.bastion) }) };
}

/** @param path where the stack file names it. @throws Error naming the key file when it cannot be read */
export function readKey(file: string, path = "activemq:ssh.privateKeyFile"): string {
  try {
    return readFileSync(expandHome(file), "utf8");
  } catch (error) {
    throw new Error(
      `${path}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "?"}). Write the path of a private key, or remove the line to use the keys of your SSH agent`,
      { cause: error },
    );
  }
}
