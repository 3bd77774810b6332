/** How to log in to a host of target ssh, as plain data from the stack file. */
import type { ClusterConfig } from "../../config/schema";
import type { ClusterPlan } from "../plan/model";
import { quoted } from "../util/shell";

export interface SshLogin {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** The public key that the host must show, as `ssh-ed25519 AAAA...`; undefined: any key is taken. */
  readonly hostKey?: string;
}

export interface SshAccess extends SshLogin {
  /** A machine that the connection goes through. */
  readonly bastion?: SshLogin;
  /** As written in the stack file, `~` included; undefined: the agent's keys. */
  readonly privateKeyFile?: string;
}

/**
 * @param host name of a host of the plan
 * @throws Error when the stack file has no such host, which is a fault of ours
 */
export function sshAccess(config: ClusterConfig, host: string): SshAccess {
  const machine = config.hosts?.find(({ name }) => name === host);
  if (machine === undefined) throw new Error(`no host ${host} in the stack file`);
  const { user, port } = { user: "root", port: 22, ...config.ssh };
  return throughSettings(config, {
    address: machine.address,
    user: machine.user ?? user,
    port: machine.port ?? port,
    ...(machine.hostKey !== undefined && { hostKey: machine.hostKey }),
  });
}

/** A login with what the stack file says about every one: the key, and the machine to go through. */
export function throughSettings(config: ClusterConfig, login: SshLogin): SshAccess {
  const { user, privateKeyFile, bastion } = { user: "root", ...config.ssh };
  return {
    ...login,
    ...(privateKeyFile !== undefined && { privateKeyFile }),
    ...(bastion !== undefined && {
      bastion: {
        address: bastion.address,
        user: bastion.user ?? user,
        port: bastion.port,
        ...(bastion.hostKey !== undefined && { hostKey: bastion.hostKey }),
      },
    }),
  };
}

/** Who logs in to Amazon Linux on target aws. */
export const EC2_USER = "ec2-user";

/** Where the Java runtimes of all stacks are on a machine with systemd, a folder per content hash. */
export const MACHINE_RUNTIMES = "/opt/activemq-cluster/runtimes";

/** Below it a folder for each stack on a machine with systemd. On target aws it is the data volume, which outlives the machine. */
export const MACHINE_DATA = "/var/lib/activemq-cluster";

/** Below it, everything of one stack on a machine with systemd. */
export function machineDirectory({ stack }: Pick<ClusterPlan, "stack">): string {
  return `${MACHINE_DATA}/${stack}`;
}

/**
 * Where the Java runtimes of a plan's machines are. On target aws on the data volume: what runs there must be able to start
 * again on another machine before anything else is known of it. No stack's name begins with a dot.
 */
export function machineRuntimes({ config }: Pick<ClusterPlan, "config">): string {
  return config.target === "aws" ? `${MACHINE_DATA}/.runtimes` : MACHINE_RUNTIMES;
}

/** A command line as the login user may run it: with root's rights. */
export function asRoot(user: string, line: string): string {
  // -n: never a question for a password, which nobody could answer.
  return `${user === "root" ? "" : "sudo -n "}/bin/bash -c ${quoted(line)}`;
}
