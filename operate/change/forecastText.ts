/** A forecast as people read it. Pure. */
import { formatFaults } from "../../config/faults";
import { count } from "../plan/planText";
import { type Paint, indent, plain, wrap } from "../terminal/table";
import type { Forecast, Restart } from "./forecast";
import { isEmpty, remainingMessagesText } from "./remainingMessages";

const WIDTH = 94;

/** `nothing` when `up` would change no file of a running service. */
export function forecastText(found: Forecast, paint: Paint = plain): string {
  const lines = [
    ...(found.machines.length === 0 ? [] : [machinesText(found)]),
    ...(found.members.length === 0 ? [] : [membersText(found)]),
    ...(found.database.length === 0
      ? []
      : [`the database restarts: ${listed(found.database)}; every group waits for the seconds that takes`]),
    ...found.groups.filter(({ restarts }) => restarts.length > 0).map(groupText),
    ...(found.starts.length === 0 ? [] : [`new: ${found.starts.join(", ")}`]),
    ...(found.stops.length === 0 ? [] : [`stopped and removed, their data stays: ${found.stops.join(", ")}`]),
    ...found.retired.map(({ name, left }) =>
      isEmpty(left)
        ? `group ${name} is retired and empty: it can be removed from the stack file`
        : `group ${name} is retired and holds ${remainingMessagesText(left)}`,
    ),
  ];
  const body = lines.length === 0 ? "nothing restarts" : lines.map((line) => wrap(line, WIDTH)).join("\n");
  const refused =
    found.refused.length === 0 ? "" : `\n${paint("red", formatFaults("up would refuse this", found.refused))}`;
  return `${paint("bold", "Change of the running cluster")}\n${indent(`${body}${refused}`)}`;
}

function membersText({ members, groups }: Forecast): string {
  const names = groups.map(({ name }) => name).join(", ");
  return `ZooKeeper restarts one at a time, each waiting until every group is whole: ${listed(members)}. Masters keep their roles: no failover, unless the ensemble takes longer than a session to answer again (${names} then lose their masters at once)`;
}

function machinesText({ machines }: Forecast): string {
  return `machines are replaced or stopped, the ensemble's first, one at a time within a group and each when the one before serves again; data comes back with its volume: ${machines.join(", ")}. One failover per group, when its master's machine goes`;
}

function groupText({ name, restarts, failovers }: Forecast["groups"][number]): string {
  return `group ${name} restarts one at a time: ${listed(restarts)}; ${count(failovers, "failover")}`;
}

function listed(restarts: readonly Restart[]): string {
  return restarts.map(({ name, host, role }) => `${name} (${role}${host === name ? "" : ` on ${host}`})`).join(", ");
}
