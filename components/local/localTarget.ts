/** The local target's share of a deployment: where its hosts are and how the Java runtimes get there. */
import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { join } from "node:path";
import { type RuntimeName, cacheDirectory, resolveCommand } from "../../core/host/runtimes";
import type { PlannedClusterArgs } from "../plannedCluster";
import { resourceName } from "../resourceNames";
import { shellQuote } from "../../core/util/shell";
import { hostsDirectory } from "../../core/host/localDirectory";
import { localHost } from "./localHost";
import type { ClusterPlan } from "../../core/plan/model";

/**
 * @param projectDir the folder of Pulumi.yaml, absolute
 * @param runtimes   the runtimes that the plan's services start from
 */
export function localTarget(
  projectDir: string,
  plan: ClusterPlan,
  runtimes: readonly RuntimeName[],
): Pick<PlannedClusterArgs, "access" | "runtimes"> {
  return {
    access: () => (host) => localHost(join(hostsDirectory(projectDir, plan), host.name), cacheDirectory()),
    runtimes: (name, parent) => runtimes.map((runtime) => resolvedRuntime(name, runtime, parent)),
  };
}

/** A changed runtime has another hash, so another folder: the old one stays for the processes that still run from it. */
function resolvedRuntime(cluster: string, runtime: RuntimeName, parent: pulumi.Resource): pulumi.Resource {
  return new command.local.Command(
    resourceName("resolvedRuntime", cluster, { runtime }),
    {
      create: resolveCommand(runtime).map(shellQuote).join(" "),
      interpreter: ["/bin/bash", "-c"],
      addPreviousOutputInEnv: false,
    },
    { parent },
  );
}
