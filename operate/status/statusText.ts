/** The status as people read it. Pure. */
import { isDeadLetterQueue } from "../../core/plan/deadLetters";
import { mebibytes } from "./diagnosis";
import { count } from "../plan/planText";
import { type Paint, indent, plain, table, wrap } from "../terminal/table";
import type { ClusterPlan } from "../../core/plan/model";
import type { Status } from "./statusModel";

/** More are summed up: a cluster may have thousands. */
const QUEUES_SHOWN = 12;

const GOOD = ["master", "leader", "serving"];
const FINE = ["slave", "follower", "up"];
const SOON = ["starting"];

export function statusText(plan: ClusterPlan, found: Status, paint: Paint = plain): string {
  return [
    table(rows(plan, found), (text, _row, column) => (column === 2 ? paint(colourOf(text.trim()), text) : text)),
    queuesText(found, paint),
    verdict(plan, found, paint),
    ...warnings(found, paint),
  ].join("\n\n");
}

/** Less than one MiB is on its way at any time. */
function behindText(bytes = 0): string {
  return bytes < 2 ** 20 ? "" : `, ${mebibytes(bytes)} behind`;
}

function colourOf(text: string): Parameters<Paint>[0] {
  const role = text.split(",")[0] ?? "";
  if (GOOD.includes(role)) return ["bold", "green"];
  if (FINE.includes(role)) return "green";
  return SOON.includes(role) ? "yellow" : "red";
}

/** What belongs together is named once. */
function rows(plan: ClusterPlan, found: Status): string[][] {
  const named = (heading: string, lines: readonly (readonly [string, string])[]) =>
    lines.map(([name, role], i) => [i === 0 ? heading : "", name, role]);
  const arrow = (i: number) => (plan.bridges[i]?.duplex === true ? "<->" : "-->");
  return [
    ...found.groups.flatMap((group) =>
      named(
        `group ${group.name}`,
        group.brokers.map(({ name, role, behindBytes }) => [name, `${role}${behindText(behindBytes)}`]),
      ),
    ),
    ...named(
      "zookeeper",
      found.ensemble.map(({ name, role }) => [name, role]),
    ),
    ...named(
      "database",
      found.database.map(({ name, role }) => [name, role]),
    ),
    ...named(
      "bridges",
      found.bridges.map(({ from, to, up }, i) => [
        `${from} ${arrow(i)} ${to}`,
        up === null ? "unknown" : up ? "up" : "down",
      ]),
    ),
  ];
}

function queuesText({ groups, queues, unknownQueues }: Status, paint: Paint): string {
  if (unknownQueues.length === groups.length) return "queues: not known";
  const live = queues.filter(({ name }) => !isDeadLetterQueue(name));
  const dead = queues.filter(({ name }) => isDeadLetterQueue(name));
  const sum = (some: Status["queues"]) => some.reduce((total, { pending }) => total + pending, 0);
  const letters = `dead letters: ${sum(dead)}`;
  const without =
    unknownQueues.length === 0
      ? ""
      : `; not known: those of ${unknownQueues.map((name) => `group ${name}`).join(", ")}`;
  const total = `queues: ${live.length}, with ${count(sum(live), "message")} pending; ${sum(dead) > 0 ? paint("yellow", letters) : letters}${without}`;
  const waiting = queues.filter(({ pending }) => pending > 0).sort((a, b) => b.pending - a.pending);
  if (waiting.length === 0) return total;
  const shown = waiting
    .slice(0, QUEUES_SHOWN)
    .map(({ name, pending, consumers }) => [name, `${pending} pending`, count(consumers, "consumer")]);
  const more = waiting.length > QUEUES_SHOWN ? `\n  and ${waiting.length - QUEUES_SHOWN} more; --json has all` : "";
  return `${total}\n${indent(table(shown))}${more}`;
}

function verdict(plan: ClusterPlan, found: Status, paint: Paint): string {
  if (found.whole) return `${paint(["bold", "green"], "whole")}: ${wholeInWords(plan, found)}`;
  return `${paint(["bold", "red"], "NOT WHOLE")}:\n${listOf(found.missing)}`;
}

function warnings(found: Status, paint: Paint): string[] {
  return found.warnings.length === 0 ? [] : [`${paint("yellow", "warnings")}:\n${listOf(found.warnings)}`];
}

function listOf(faults: Status["missing"]): string {
  const items = faults.map(({ what, todo }) => `${wrap(what, 96)}\n  -> ${wrap(todo, 92).replaceAll("\n", "\n     ")}`);
  return indent(items.join("\n"));
}

function wholeInWords(plan: ClusterPlan, found: Status): string {
  const sizes = [...new Set(found.groups.map((group) => group.brokers.length))];
  const each = found.groups.length === 1 ? "" : " each";
  const groups =
    sizes.length === 1 && sizes[0] !== undefined
      ? `${count(found.groups.length, "group")} ${found.groups.length === 1 ? "has" : "have"} a master${slaves(sizes[0])}${each}`
      : found.groups.map((group) => `group ${group.name} has a master${slaves(group.brokers.length)}`).join(", ");
  return [
    groups,
    ...(found.ensemble.length > 0 ? [`${found.ensemble.length} ZooKeeper members in quorum`] : []),
    ...(found.database.length > 0 ? ["the database serves"] : []),
    ...(plan.bridges.length > 0
      ? [`${found.bridges.filter(({ up }) => up).length} of ${count(plan.bridges.length, "bridge")} up`]
      : []),
  ].join(", ");
}

function slaves(brokers: number): string {
  return brokers === 1 ? "" : ` and ${count(brokers - 1, "attached slave")}`;
}
