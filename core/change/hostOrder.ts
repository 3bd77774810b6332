/** Which machines go first where they are replaced one after the other: `amq up` knows who is master, the program does not. */

/** Names of hosts, with commas between. */
const VARIABLE = "AMQ_HOST_ORDER";

/** As {@link orderHosts} has left it; empty for a plain `pulumi up`. */
export function hostOrder(environment: Readonly<Record<string, string | undefined>>): string[] {
  return (environment[VARIABLE] ?? "").split(",").filter(Boolean);
}

/** Leaves word for the program, whichever engine runs it. */
export function orderHosts(environment: Record<string, string | undefined>, hosts: readonly string[]): void {
  environment[VARIABLE] = hosts.join(",");
}
