/** What may not change in a database that the program made in AWS, while brokers have their messages in it. Pure. */
import type { Fault } from "../../config/faults";
import type { ClusterPlan } from "../plan/model";

const OWN_STACK = "make a stack of its own with the new value, move the clients, drain the old one, then take it down";

/** Nothing unless both plans have one. */
export function rdsFaults(before: ClusterPlan, next: ClusterPlan): Fault[] {
  const [old, fresh] = [before.database?.rds, next.database?.rds];
  if (old === undefined || fresh === undefined) return [];
  const [from, to] = [before.config, next.config];
  const user: Fault[] =
    from.jdbc.user === to.jdbc.user
      ? []
      : [
          {
            path: "jdbc.user",
            value: to.jdbc.user,
            problem: "The database was made with its first user: with another one it would be made anew, empty.",
            allowed: `${from.jdbc.user}, as it runs`,
            fix: OWN_STACK,
          },
        ];
  const older: Fault[] = isOlder(fresh.engineVersion, old.engineVersion)
    ? [
        {
          path: "aws.database.engineVersion",
          value: fresh.engineVersion,
          problem: `The database is of version ${old.engineVersion}, and AWS takes none back to an older one.`,
          allowed: `${old.engineVersion}, or a newer one`,
          fix: `keep it, or ${OWN_STACK}`,
        },
      ]
    : [];
  const smaller: Fault[] =
    fresh.storageGiB >= old.storageGiB
      ? []
      : [
          {
            path: "aws.database.storageGiB",
            value: fresh.storageGiB,
            problem: "The disk of a database cannot be made smaller.",
            allowed: `${old.storageGiB} or more`,
            fix: `keep it, or ${OWN_STACK}`,
          },
        ];
  const lost = (from.aws?.zones ?? []).filter((zone) => to.aws?.zones.includes(zone) !== true);
  const zones: Fault[] =
    lost.length === 0
      ? []
      : [
          {
            path: "aws.zones",
            value: to.aws?.zones ?? [],
            problem: `The database, or its standby, may be in ${lost.join(", ")}: AWS lets no subnet go that it is in.`,
            allowed: "the zones as they were, and further ones",
            fix: "add them again",
          },
        ];
  return [...user, ...older, ...smaller, ...zones];
}

/** "16" is all of its versions: none of them is older. */
function isOlder(fresh: string, old: string): boolean {
  const [major = 0, minor] = fresh.split(".").map(Number);
  const [oldMajor = 0, oldMinor] = old.split(".").map(Number);
  if (major !== oldMajor) return major < oldMajor;
  return minor !== undefined && oldMinor !== undefined && minor < oldMinor;
}
