/** The other ways to join groups, each with the experiment that shows what it is for, and what filters keep from crossing. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Crossing } from "./crossing";
import { Project, group } from "../../testbed/harness/testProject";

const project = new Project();
afterAll(() => {
  project.remove();
});

const KEPT = { excludedDestinations: ["queue://local.>"] };

/** Both ways at once: a consumer of the other group gets what crosses, and the group's own what does not. */
async function keepsLocal(crossing: Crossing): Promise<void> {
  const both = (act: (from: string, to: string) => Promise<unknown>) => Promise.all([act("a", "b"), act("b", "a")]);
  await both((from) => crossing.send(from, [`local.of.${from}`, `free.of.${from}`]));
  await both(async (from, to) => {
    expect(await crossing.received(to, [`local.of.${from}`, `free.of.${from}`])).toEqual([`free.of.${from}`]);
  });
  await both(async (from) => {
    expect(await crossing.received(from, [`local.of.${from}`])).toEqual([`local.of.${from}`]);
  });
}

/** One way, and nobody over there asks for it. */
async function sendsUnasked(crossing: Crossing): Promise<void> {
  await crossing.send("a", ["always"]);
  expect(await crossing.waiting("b", "always", 1)).toBe(1);
}

const STATIC = [
  { from: "a", to: "b", staticallyIncludedDestinations: ["queue://always"] },
  { from: "b", to: "a" },
];

describe.each<[string, string, Record<string, unknown>, string, ((crossing: Crossing) => Promise<void>)[]]>([
  ["duplex from one side, in both directions", "duplex", { topology: "duplex", ...KEPT }, "2", [keepsLocal]],
  [
    "one connector away from the consumer, who is at a group without slaves beside one that has them",
    "oneway",
    {
      groups: [group("a"), { ...group("b", 3, 1), store: "kahaDB" }],
      topology: "custom",
      bridges: [{ from: "a", to: "b" }],
    },
    "3",
    [],
  ],
  [
    "groups without slaves, by bridges of one's own",
    "single",
    { store: "kahaDB", topology: "custom", bridges: STATIC, ...KEPT },
    "4",
    [keepsLocal, sendsUnasked],
  ],
])("%s", (_, stack, keys, experiment, checks) => {
  afterAll(() => {
    project.end(stack);
  });

  it(`keeps the promise of experiment ${experiment}, and keeps its data when asked to`, async () => {
    project.write(stack, keys);
    await project.up(stack);
    for (const check of checks) await check(new Crossing(project.directory, stack));
    expect(await project.drill(stack, experiment)).toMatchObject({ ok: true, ...(experiment === "2" && { lost: 0 }) });
    expect((await project.amq("down", stack, "--keep-data")).code).toBe(0);
    expect(project.processes()).toEqual([]);
    expect(existsSync(join(project.directory, ".amq", stack, "hosts", "a-1", "a-1", "data"))).toBe(true);
  });
});
