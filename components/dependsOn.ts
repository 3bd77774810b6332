/** What resources wait for. */
import * as pulumi from "@pulumi/pulumi";

type DependsOn = Exclude<pulumi.CustomResourceOptions["dependsOn"], undefined>;

/**
 * What a resource waits for, and more besides. An output is made only where one is given: Pulumi searches every value in it for unknown
 * ones, and from a resource it gets to all that are related to it, hundreds for each command of a stack.
 */
export function alsoAfter(given: DependsOn | undefined, more: readonly pulumi.Resource[]): DependsOn {
  if (given === undefined) return [...more];
  if (Array.isArray(given)) return [...given, ...more];
  if (pulumi.Resource.isInstance(given)) return [given, ...more];
  return pulumi.output(given as DependsOn).apply((known) => [...[known].flat(), ...more]);
}
