/** The ssh target's share of a deployment: how its hosts are reached, and the Java runtimes brought to each. */
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { type RuntimeName, resolveRuntime, runtimeDirectory } from "../../core/host/runtimes";
import type { PlannedClusterArgs } from "../plannedCluster";
import type { Host } from "../host";
import { resourceName } from "../resourceNames";
import { machineDirectory, sshAccess } from "../../core/host/ssh";
import { sshConnection, sshHost } from "./sshHost";
import type { ClusterPlan, PlannedHost } from "../../core/plan/model";

/** In the login user's home; emptied once a runtime is installed. */
const UPLOADS = "activemq-cluster-uploads";

/** For logs, the runtimes and a first log file of the store; what queues need beyond that is in the stack file's limits. */
export const FREE_MIB = 1024;

/**
 * @param runtimes the runtimes that the plan's services start from
 * @throws Error when a runtime cannot be resolved here, or the key cannot be read
 */
export function sshTarget(
  plan: ClusterPlan,
  runtimes: readonly RuntimeName[],
): Pick<PlannedClusterArgs, "access" | "runtimes"> {
  for (const name of runtimes) resolveNow(name);
  return {
    access: () => (host) =>
      sshHost({
        access: sshAccess(plan.config, host.name),
        directory: machineDirectory(plan),
        freeMiB: FREE_MIB,
        generation: generationOf(plan, host),
      }),
    runtimes: (name, parent, hosts) =>
      plan.hosts.flatMap((planned) =>
        runtimes
          .filter((runtime) => runsOn(plan, planned, runtime))
          .map((runtime) => installedRuntime(name, { plan, planned, host: hosts.get(planned.name), runtime }, parent)),
      ),
  };
}

function generationOf(plan: ClusterPlan, { name }: PlannedHost): number {
  return plan.config.hosts?.find((host) => host.name === name)?.generation ?? 1;
}

/** ZooKeeper's on its own machines, the brokers' on theirs. */
export function runsOn(plan: ClusterPlan, host: PlannedHost, runtime: RuntimeName): boolean {
  const members = new Set(plan.ensemble?.members.map(({ name }) => name));
  const isMembers = runtime.startsWith("zookeeper");
  return host.services.some((service) => members.has(service) === isMembers);
}

/** The engine reads an archive when a resource is registered, so it must be there before, in a preview too. */
export function resolveNow(name: RuntimeName): void {
  if (existsSync(join(runtimeDirectory(name), ".complete"))) return;
  if (!resolveRuntime(name)) throw new Error(`runtime ${name} could not be resolved; see the lines above`);
}

/** Uploaded once per content: the id is part of the resources' names, so another runtime is another pair of resources. */
function installedRuntime(
  cluster: string,
  args: { plan: ClusterPlan; planned: PlannedHost; host: Host | undefined; runtime: RuntimeName },
  parent: pulumi.Resource,
): pulumi.Resource {
  const { plan, planned, host, runtime } = args;
  if (host === undefined) throw new Error(`no host ${planned.name}`);
  const directory = runtimeDirectory(runtime);
  const runtimeId = basename(directory);
  const ofHost = { host: planned.name, runtimeId };
  const upload = new command.remote.CopyToRemote(
    resourceName("uploadedRuntime", cluster, ofHost),
    {
      connection: sshConnection(sshAccess(plan.config, planned.name)),
      source: new pulumi.asset.FileArchive(directory),
      remotePath: UPLOADS,
      triggers: [generationOf(plan, planned)],
    },
    // The same id is the same content, but our own jar has times in it, and each of us has the folder elsewhere.
    { parent, ignoreChanges: ["source"], dependsOn: [host] },
  );
  return host.amqHost(
    resourceName("installedRuntime", cluster, ofHost),
    { create: ["install-runtime", runtimeId, UPLOADS] },
    { parent, dependsOn: [upload] },
  );
}
