/** The local target: a host is a folder of this machine. */
import * as command from "@pulumi/command";
import type { HostAccess } from "../host";

/**
 * @param directory the host's folder, absolute
 * @param runtimes  the folder that holds the resolved runtimes, absolute
 */
export function localHost(directory: string, runtimes: string): HostAccess {
  return {
    directory,
    runtimes,
    supervisor: "supervise",
    command: (name, args, opts) =>
      new command.local.Command(
        name,
        {
          create: args.create,
          interpreter: ["/bin/bash", "-c"],
          // Its default hands the previous stdout to the next run through the environment: noise, and too long for some.
          addPreviousOutputInEnv: false,
          logging: args.quiet === true ? "none" : "stdoutAndStderr",
          ...(args.delete !== undefined && { delete: args.delete }),
          ...(args.stdin !== undefined && { stdin: args.stdin }),
        },
        opts,
      ),
  };
}
