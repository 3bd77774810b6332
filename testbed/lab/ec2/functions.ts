/** The questions to AWS that the program asks, answered from the account. */
import type { WireMap } from "../../../operate/engine/standIn/values";
import { type Account, listOf, type AccountEntry, textOf } from "./account";

type Answer = (account: Account | undefined, args: WireMap) => WireMap;

/** Instances by tag and state; ids and addresses in one order. */
const getInstances: Answer = (account, args) => {
  const known = ["filters", "instanceStateNames", "instanceTags"];
  const unknown = Object.keys(args).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`the lab that plays EC2 does not know "${unknown.join('", "')}" of getInstances`);
  const states = listOf({ values: args }, "instanceStateNames");
  const found = (account?.all("Instance") ?? []).filter(
    (instance) =>
      (states.length === 0 || states.includes(textOf(instance, "instanceState"))) &&
      ((args["filters"] ?? []) as WireMap[]).every((filter) => passes(instance, filter)) &&
      Object.entries((args["instanceTags"] ?? {}) as WireMap).every(([tag, value]) => tagOf(instance, tag) === value),
  );
  return {
    id: "instances",
    ids: found.map(({ id }) => id),
    privateIps: found.map((instance) => textOf(instance, "privateIp")),
    publicIps: [],
  };
};

function passes(instance: AccountEntry, filter: WireMap): boolean {
  const name = textOf({ values: filter }, "name");
  if (!name.startsWith("tag:")) throw new Error(`the lab that plays EC2 knows filters by tag alone, not ${name}`);
  return listOf({ values: filter }, "values").includes(tagOf(instance, name.slice("tag:".length)));
}

/** Empty when there is no such tag. */
export function tagOf({ values }: AccountEntry, tag: string): string {
  return textOf({ values: (values["tags"] ?? {}) as WireMap }, tag);
}

export const FUNCTIONS: Readonly<Record<string, Answer>> = { "aws:ec2/getInstances:getInstances": getInstances };
