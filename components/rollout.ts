/**
 * Brings the services of one group (or of the ensemble) to what was rendered, without taking the whole group down.
 *
 *     stage-s1..sn (parallel) -> settle -> pass1-s1 -> .. -> pass1-sn -> pass2-s1 -> .. -> pass2-sn
 *
 * (`between` adds what must hold between one visit and the next.)
 *
 * The graph is the same on first start and on every change; what there is to do is decided on the host (script/visit.sh).
 * Each visit takes its own host's stage output as input, never a digest known at plan time: a file that comes back after a
 * failed visit would equal the recorded input, the visit would be skipped, and the host would stay on the bad version.
 */
import * as pulumi from "@pulumi/pulumi";
import type { CommandResource, Host } from "./host";
import { resourceName } from "./resourceNames";
import { fileBundle } from "../core/host/fileBundle";
import type { Service } from "../core/host/service";

export interface RolloutArgs {
  readonly services: readonly Service[];
  /** The host of a service, by host name. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** credentials.properties of a service that needs one. */
  readonly credentials?: pulumi.Output<string>;
  /** What must be done before anything of this is staged; where nothing runs yet, staging starts it. */
  readonly after: readonly pulumi.Resource[];
  /** What must be done, too, before anything of this that runs is touched. Default: nothing. */
  readonly settleAfter?: readonly pulumi.Resource[];
  /** Commands that must succeed between a visit and the next one. */
  readonly between?: (visit: Visited, parent: pulumi.Resource) => readonly CommandResource[];
}

/** A visit that has been made, for what comes between it and the next. */
export interface Visited {
  /** The component that the visit's name begins with. */
  readonly owner: string;
  readonly service: string;
  readonly pass: string;
  readonly resource: CommandResource;
  /** Another text after every visit that may have restarted its service. */
  readonly output: pulumi.Output<string>;
}

export interface Rollout {
  /** What writes the services' files; nothing of them is left before these commands are removed. */
  readonly stages: readonly CommandResource[];
  /** Everything that must have succeeded for the group to be as rendered. */
  readonly done: readonly CommandResource[];
  /** Changes whenever anything of the group was staged anew. */
  readonly staged: pulumi.Output<string>;
}

/** Registers the commands of a rollout below `parent`. @param owner the name of that component */
export function rollOut(owner: string, args: RolloutArgs, parent: pulumi.Resource): Rollout {
  const stages = args.services.map((service) => stage(owner, service, args, parent));
  const staged = pulumi.all(stages.map((one) => one.output)).apply((outputs) => outputs.join("\n"));
  const settles = args.services.map((service) =>
    hostOf(service, args).amqHost(
      resourceName("settle", owner, { service: service.name }),
      { create: ["settle", service.name], stdin: staged },
      { parent, dependsOn: [...stages.map((one) => one.last), ...(args.settleAfter ?? [])] },
    ),
  );
  const visits: CommandResource[] = [];
  let before: readonly CommandResource[] = settles;
  for (const pass of ["1", "2"]) {
    for (const [i, service] of args.services.entries()) {
      const stdin = stages[i]?.output ?? pulumi.output("");
      const visit = hostOf(service, args).amqHost(
        resourceName("visit", owner, { pass, service: service.name }),
        { create: ["visit", service.name, pass], stdin },
        { parent, dependsOn: [...before] },
      );
      visits.push(visit);
      const isLast = visits.length === 2 * args.services.length;
      // What the visit says may be the same twice; with the stage's count it is not.
      const output = pulumi.interpolate`${stdin} ${visit.stdout}`;
      const visited = { owner, service: service.name, pass, resource: visit, output };
      const between = isLast ? [] : (args.between?.(visited, parent) ?? []);
      before = [visit, ...between];
    }
  }
  return { stages: stages.map((one) => one.last), done: visits, staged };
}

interface Stage {
  readonly output: pulumi.Output<string>;
  readonly last: CommandResource;
}

/** Files first, then credentials: two commands, so that preview shows the files' line diff while the secrets stay hidden. */
function stage(owner: string, service: Service, args: RolloutArgs, parent: pulumi.Resource): Stage {
  const host = hostOf(service, args);
  const secrets = service.credentials.length > 0 ? args.credentials : undefined;
  const files = host.amqHost(
    resourceName("stage", owner, { service: service.name }),
    {
      create: ["stage-files", service.name, secrets === undefined ? "no" : "yes"],
      delete: `remove ${service.name}`,
      stdin: fileBundle(service.files),
    },
    { parent, dependsOn: [...args.after] },
  );
  if (secrets === undefined) return { output: files.stdout, last: files };
  const credentials = host.amqHost(
    resourceName("credentials", owner, { service: service.name }),
    { create: ["stage-credentials", service.name], stdin: secrets, quiet: true },
    { parent, dependsOn: [files] },
  );
  return { output: pulumi.interpolate`${files.stdout} ${credentials.stdout}`, last: credentials };
}

function hostOf(service: Service, args: RolloutArgs): Host {
  const host = args.hosts.get(service.host);
  if (host === undefined) throw new Error(`no host ${service.host} for ${service.name}`);
  return host;
}
