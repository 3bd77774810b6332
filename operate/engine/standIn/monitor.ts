/** Puts a deployment behind the monitor of Pulumi's mocks: what the program's SDK asks for, the deployment does. */
import type * as alias_pb from "@pulumi/pulumi/proto/alias_pb";
import type * as proto from "@pulumi/pulumi/proto/resource_pb";
import { functionOf } from "./handlers";
import type { Deployment } from "./deployment";
import { visibleOutputs, type Registration } from "./registration";
import { hasSecret, plainMap, withoutResources, type WireMap } from "./values";

type Callback = (error: null, response: unknown) => void;

export interface MonitorOptions {
  readonly project: string;
  readonly stack: string;
  readonly outputsOf: (stackName: string) => WireMap;
}

/** Replaces the monitor's methods. A request that fails is never answered: the run halts instead. */
export function connect(monitor: object, deployment: Deployment, options: MonitorOptions): void {
  const urn = (parent: string, type: string, name: string) => {
    const [, , parentType = ""] = parent.split("::");
    const prefix = parentType === "" || parentType === "pulumi:pulumi:Stack" ? "" : `${parentType}$`;
    return `urn:pulumi:${options.stack}::${options.project}::${prefix}${type}::${name}`;
  };
  Object.assign(monitor, {
    registerResource: (request: proto.RegisterResourceRequest, callback: Callback) => {
      const registration = registrationOf(request, urn(request.getParent(), request.getType(), request.getName()));
      void deployment.register(registration).then((entry) => {
        if (!entry) return;
        callback(null, {
          getUrn: () => entry.urn,
          getId: () => entry.id,
          getObject: () => ({ toJavaScript: () => (entry.custom ? visibleOutputs(registration, entry) : {}) }),
          getPropertydependenciesMap: () => undefined,
          getResult: () => 0,
        });
      });
    },
    registerResourceOutputs: (request: proto.RegisterResourceOutputsRequest, callback: Callback) => {
      deployment.registerOutputs(request.getUrn(), wire(request.getOutputs()));
      callback(null, {});
    },
    readResource: (request: proto.ReadResourceRequest, callback: Callback) => {
      const [type, id] = [request.getType(), request.getId()];
      try {
        if (type !== "pulumi:pulumi:StackReference") throw new Error(`the stand-in engine cannot read a ${type}`);
        const outputs = options.outputsOf(id);
        const secretOutputNames = Object.keys(outputs).filter((name) => hasSecret(outputs[name] ?? null));
        callback(null, {
          getUrn: () => urn(request.getParent(), type, request.getName()),
          getProperties: () => ({ toJavaScript: () => ({ name: id, outputs, secretOutputNames }) }),
        });
      } catch (error) {
        deployment.blame((error as Error).message);
      }
    },
    invoke: (request: proto.ResourceInvokeRequest, callback: Callback) => {
      try {
        const answer = functionOf(request.getTok())(plainMap(wire(request.getArgs())));
        callback(null, {
          getFailuresList: () => [],
          getReturn: () => ({ toJavaScript: () => answer }),
          getReturndependenciesMap: () => undefined,
        });
      } catch (error) {
        deployment.blame((error as Error).message);
      }
    },
  });
}

function wire(struct: { toJavaScript(): object } | undefined): WireMap {
  return withoutResources((struct?.toJavaScript() ?? {}) as WireMap);
}

function registrationOf(request: proto.RegisterResourceRequest, urn: string): Registration {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    dependencies: request.getDependenciesList(),
    propertyDependencies: propertyDependencies(request),
    deletedWith: request.getDeletedwith(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    inputs: wire(request.getObject()),
    options: {
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      importId: request.getImportid(),
      unknown: unknownOptions(request),
    },
  };
}

function propertyDependencies(request: proto.RegisterResourceRequest): Record<string, readonly string[]> {
  const found: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((urns: { getUrnsList(): string[] }, name: string) => {
    const list = urns.getUrnsList();
    if (list.length > 0) found[name] = list;
  });
  return found;
}

/** A provider's own alias, of a type that it has renamed: no state of this engine has the old one. */
function isOldType(alias: alias_pb.Alias, parent: string): boolean {
  const spec = alias.getSpec();
  const elsewhere = [spec?.getName(), spec?.getStack(), spec?.getProject()].some((text) => text !== "");
  return !elsewhere && spec?.getParenturn() === parent && !spec.getNoparent();
}

/** Options that would be ignored silently otherwise. */
function unknownOptions(request: proto.RegisterResourceRequest): string[] {
  const timeouts = request.getCustomtimeouts()?.toObject() ?? {};
  const used = {
    customTimeouts: Object.values(timeouts).some((timeout) => timeout !== ""),
    "ignoreChanges with a path": request.getIgnorechangesList().some((path) => /[.[*]/.test(path)),
    aliases: request.getAliasesList().some((alias) => !isOldType(alias, request.getParent())),
    hooks: request.getHooks() !== undefined,
    replaceWith: request.getReplaceWithList().length > 0,
  };
  return Object.entries(used).flatMap(([name, isUsed]) => (isUsed ? [name] : []));
}
