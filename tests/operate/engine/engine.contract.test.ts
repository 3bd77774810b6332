/** What the program's author may rely on, whichever engine runs it. */
import { drivers } from "./drivers";
import { Place } from "./place";
import type { ProgramConfig, Step } from "./program";

if (drivers.length === 1)
  process.stderr.write("pulumi is not on the PATH: the contract is checked on the stand-in only\n");

const step = (name: string, more: Partial<Step> = {}): Step => ({ name, ...more });
const steps = (...list: Step[]): ProgramConfig => ({ steps: list });
const chain = steps(step("a"), step("b", { dependsOn: ["a"] }), step("c", { dependsOn: ["b"] }));

describe.each(drivers)("$name", (driver) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(driver);
  });
  afterEach(() => {
    place.remove();
  });

  test("creates in order, and does nothing when nothing changed", async () => {
    expect(await place.up(chain)).toMatchObject({ ok: true, changes: { create: 4 } });
    expect(place.done()).toEqual(["create a", "create b", "create c"]);
    const again = await place.up(chain);
    expect(again).toMatchObject({ ok: true, changes: { same: 4 } });
    expect(again.changes.create ?? 0).toBe(0);
    expect(place.done()).toEqual([]);
  });

  test("updates what changed and what takes its output", async () => {
    const program = (text: string) =>
      steps(step("a", { run: `echo ${text}` }), step("b", { from: "a", run: 'echo "[$FROM]"' }), step("c"));
    const first = await place.up(program("one"));
    expect(first.outputs["stdouts"]).toEqual({ value: { a: "one", b: "[one]", c: "" }, secret: false });
    place.done();
    const second = await place.up(program("two"));
    expect(second.outputs["stdouts"]?.value).toEqual({ a: "two", b: "[two]", c: "" });
    expect(second.changes).toMatchObject({ update: 2, same: 2 });
    expect(place.done()).toEqual(["update a", "update b"]);
  });

  test("replaces on a changed trigger: the old one is deleted after everything else", async () => {
    const program = (trigger: number) =>
      steps(step("a", { triggers: [trigger] }), step("b", { dependsOn: ["a"], run: `echo ${trigger}` }));
    await place.up(program(1));
    place.done();
    const outcome = await place.up(program(2));
    expect(outcome.changes).toMatchObject({ replace: 1, update: 1, same: 1 });
    expect(place.done()).toEqual(["create a", "update b", "delete a"]);
    await place.up(program(2));
    expect(place.done()).toEqual([]);
  });

  describe("machines that are replaced one after the other", () => {
    /** As components/hosts makes them: each machine waits for the one before it in `order` to serve again, once they are there. */
    const machines = (image: number, order: readonly number[], bad = 0) =>
      steps(
        ...order.flatMap((n, at) => {
          const before = order[at - 1];
          const fails = n === bad ? "exit 1" : "true";
          return [
            step(`machine-${n}`, {
              triggers: [image],
              run: `echo image ${image}`,
              options: { deleteBeforeReplace: true },
              ...(before !== undefined && { dependsOn: [`rejoined-${before}`] }),
            }),
            step(`rejoined-${n}`, { from: `machine-${n}`, deletedWith: `machine-${n}`, run: fails }),
          ];
        }),
      );
    const replaced = (n: number) => [`delete machine-${n}`, `create machine-${n}`, `update rejoined-${n}`];
    /** Made side by side: nobody waits for another. */
    const sideBySide = () => steps(...[1, 2, 3].flatMap((n) => machines(1, [n]).steps ?? []));

    test("waiting is no difference; each goes when the one before is back, in whatever order", async () => {
      expect((await place.up(sideBySide())).ok).toBe(true);
      place.done();
      expect(await place.up(machines(1, [1, 2, 3]))).toMatchObject({ ok: true, changes: { same: 7 } });
      expect(place.done()).toEqual([]);
      expect((await place.up(machines(2, [1, 2, 3]))).ok).toBe(true);
      expect(place.done()).toEqual([1, 2, 3].flatMap(replaced));
      // Masters have moved since.
      expect((await place.up(machines(3, [3, 1, 2]))).ok).toBe(true);
      expect(place.done()).toEqual([3, 1, 2].flatMap(replaced));
    });

    test("one that does not come back stops it; with the fault mended the others follow", async () => {
      await place.up(sideBySide());
      place.done();
      expect(await place.up(machines(2, [2, 1, 3], 2))).toMatchObject({ ok: false, failed: ["rejoined-2"] });
      expect(place.done()).toEqual(replaced(2));
      expect((await place.up(machines(2, [2, 1, 3]))).ok).toBe(true);
      expect(place.done()).toEqual(["update rejoined-2", ...replaced(1), ...replaced(3)]);
    });
  });

  test("a replaced resource that could not be deleted yet is deleted by the next run", async () => {
    const program = (trigger: number, run: string) =>
      steps(step("a", { triggers: [trigger] }), step("b", { dependsOn: ["a"], run }));
    await place.up(program(1, "true"));
    place.done();
    expect((await place.up(program(2, "exit 1"))).ok).toBe(false);
    expect(place.done()).toEqual(["create a", "update b"]);
    expect((await place.up(program(2, "true"))).ok).toBe(true);
    expect(place.done()).toEqual(["delete a"]);
  });

  test("what does not depend on each other runs side by side", async () => {
    const meet = (mine: string, other: string) =>
      `touch ${mine}.met; for i in $(seq 100); do [ -e ${other}.met ] && exit 0; sleep 0.1; done; exit 1`;
    expect((await place.up(steps(step("a", { run: meet("a", "b") }), step("b", { run: meet("b", "a") })))).ok).toBe(
      true,
    );
  });

  test("the program sees configuration as texts; what is not a text in the file is JSON", async () => {
    const values = { text: "yes", number: 5, big: 1234567890, truth: true, map: { b: 1, a: ["x", 2.5] }, list: [] };
    place.configure({ ...values, program: { show: Object.keys(values) } });
    const outcome = await place.driver.run("up", place.options());
    const shown = outcome.outputs["shown"]?.value as string[];
    expect(shown.slice(0, 4)).toEqual(["yes", "5", "1234567890", "true"]);
    expect(shown.slice(4).map((text) => JSON.parse(text) as unknown)).toEqual([values.map, values.list]);
  });

  test("a failed create is not recorded", async () => {
    const failed = await place.up(steps(step("a", { run: "exit 3" })));
    expect(failed).toMatchObject({ ok: false, failed: ["a"] });
    await place.up(steps(step("a")));
    expect(place.done()).toEqual(["create a", "create a"]);
  });

  test.each([
    ["retried, runs again", "exit 4", "exit 0", ["update a"]],
    ["reverted, needs nothing", "exit 4", "true", []],
  ])("a failed update, %s", async (_name, bad, next, then) => {
    await place.up(steps(step("a", { run: "true" })));
    expect(await place.up(steps(step("a", { run: bad })))).toMatchObject({ ok: false, failed: ["a"] });
    expect(place.done()).toEqual(["create a", "update a"]);
    expect((await place.up(steps(step("a", { run: next })))).ok).toBe(true);
    expect(place.done()).toEqual(then);
  });

  test("after a failure, what runs finishes and is recorded; nothing new is started, nothing deleted", async () => {
    await place.up(steps(step("dropped")));
    place.done();
    const program = (bad: string) =>
      steps(
        step("bad", { run: bad }),
        step("after-bad", { dependsOn: ["bad"] }),
        step("slow", { run: "sleep 2; echo finished" }),
        step("after-slow", { dependsOn: ["slow"] }),
      );
    const outcome = await place.up(program("sleep 1; exit 1"));
    expect(outcome).toMatchObject({ ok: false, failed: ["bad"] });
    expect(place.done().sort()).toEqual(["create bad", "create slow"]);
    expect((await place.up(program("true"))).outputs["stdouts"]?.value).toMatchObject({ slow: "finished" });
    expect(place.done().sort()).toEqual(["create after-bad", "create after-slow", "create bad", "delete dropped"]);
  });

  test("deletes what was dropped, and on destroy everything, dependents first", async () => {
    // grep: deletions run in the project's folder, as everything else does.
    const list = [
      step("a", { runOnDelete: "grep 'name: steps' Pulumi.yaml" }),
      step("b", { dependsOn: ["a"] }),
      step("c", { dependsOn: ["b"] }),
      step("d", { dependsOn: ["c"] }),
    ];
    await place.up(steps(...list));
    place.done();
    expect((await place.up(steps(...list.slice(0, 2)))).changes).toMatchObject({ delete: 2 });
    expect(place.done()).toEqual(["delete d", "delete c"]);
    expect(await place.destroy()).toMatchObject({ ok: true, changes: { delete: 3 }, outputs: {} });
    expect(place.done()).toEqual(["delete b", "delete a"]);
  });

  test("a failed delete keeps the resource and what it depends on", async () => {
    await place.up(steps(step("a"), step("b", { dependsOn: ["a"], runOnDelete: "exit 5" })));
    place.done();
    expect(await place.destroy()).toMatchObject({ ok: false, failed: ["b"] });
    expect(await place.destroy()).toMatchObject({ ok: false, failed: ["b"] });
    expect(place.done()).toEqual(["delete b", "delete b"]);
  });

  test("components: the children carry their type, and go first", async () => {
    const program = steps(
      step("part", { component: true }),
      step("inner", { component: true, parent: "part" }),
      step("a", { parent: "inner" }),
      step("b", { dependsOn: ["part"] }),
    );
    expect((await place.up(program)).changes).toMatchObject({ create: 5 });
    expect(place.done()).toEqual(["create a", "create b"]);
    expect(place.kept()).toContain("urn:pulumi:dev::steps::steps:index:Part$steps:index:Part$command:local:Command::a");
    expect((await place.destroy()).changes).toMatchObject({ delete: 5 });
    expect(place.done()).toEqual(["delete b", "delete a"]);
  });

  test("interrupted half-way, the next run goes on from there", async () => {
    const program = (run: string) =>
      steps(step("a"), step("b", { dependsOn: ["a"], run }), step("c", { dependsOn: ["b"] }));
    expect((await place.upUntil(program("exec sleep 30"), "create b")).ok).toBe(false);
    expect(place.done()).toEqual(["create a", "create b"]);
    expect((await place.up(program("true"))).ok).toBe(true);
    expect(place.done()).toEqual(["create b", "create c"]);
    expect((await place.upUntil(program("exec sleep 31"), "update b")).ok).toBe(false);
    place.done();
    // The update counts as not done.
    expect((await place.up(program("true"))).ok).toBe(true);
    expect(place.done()).toEqual([]);
  });

  test("protect refuses deletion and replacement until it is taken off", async () => {
    const kept = (protect: boolean, trigger: number) => step("a", { triggers: [trigger], options: { protect } });
    await place.up(steps(kept(true, 1), step("b")));
    place.done();
    expect(await place.up(steps(kept(true, 2), step("b")))).toMatchObject({ ok: false });
    expect((await place.up(steps(step("b")))).said).toMatch(/protected/);
    expect(place.done()).toEqual([]);
    const destroyed = await place.destroy();
    expect(destroyed.ok).toBe(false);
    expect(place.done()).toEqual(["delete b"]);
    await place.up(steps(kept(false, 1)));
    expect((await place.destroy()).ok).toBe(true);
    expect(place.done()).toEqual(["delete a"]);
  });

  test("a destroy that keeps what is protected keeps what that depends on, and ends well; the next up has it again", async () => {
    const program = (protect: boolean) =>
      steps(
        step("base"),
        step("kept", { dependsOn: ["base"], options: { protect } }),
        step("machine", { from: "kept" }),
      );
    await place.up(program(true));
    place.done();
    expect(await place.destroy({ keepProtected: true })).toMatchObject({ ok: true, failed: [] });
    expect(place.done()).toEqual(["delete machine"]);
    expect((await place.up(program(true))).ok).toBe(true);
    expect(place.done()).toEqual(["create machine"]);
    await place.up(program(false));
    expect((await place.destroy({ keepProtected: true })).ok).toBe(true);
    expect(place.done()).toEqual(["delete machine", "delete kept", "delete base"]);
  });

  test.each<[string, Step[], Step[], string[]]>([
    ["retainOnDelete", [step("a", { options: { retainOnDelete: true } })], [], []],
    ["deletedWith", [step("a"), step("b", { deletedWith: "a" })], [], ["delete a"]],
    ["deletedWith, when only it goes", [step("a"), step("b", { deletedWith: "a" })], [step("a")], ["delete b"]],
    [
      "ignoreChanges",
      [step("a", { stdin: "one", options: { ignoreChanges: ["stdin"] } })],
      [step("a", { stdin: "two", options: { ignoreChanges: ["stdin"] } })],
      [],
    ],
    ["a value that becomes secret", [step("a", { stdin: "one" })], [step("a", { secretStdin: "one" })], ["update a"]],
    ["other dependencies", [step("a"), step("b")], [step("a"), step("b", { dependsOn: ["a"] })], []],
  ])("option %s", async (_name, before, after, expected) => {
    await place.up(steps(...before));
    place.done();
    expect((await place.up(steps(...after))).ok).toBe(true);
    expect(place.done()).toEqual(expected);
    if (before.length > after.length) {
      await place.up(steps(...after));
      expect(place.done()).toEqual([]);
    }
  });

  test.each<[string, Partial<Step>, string]>([
    ["one trailing newline is cut off", { run: "printf 'x\\n\\n'" }, "x\n"],
    ["stdin", { run: "cat", stdin: "from stdin" }, "from stdin"],
    ["dir", { run: "pwd", inputs: { dir: "/" } }, "/"],
    ["interpreter", { inputs: { interpreter: ["/bin/echo", "-n"], create: "said" } }, "said"],
    ["environment", { run: 'echo "$HOME$X"', inputs: { environment: { HOME: "h", X: "x" } } }, "hx"],
    ["nothing to create", { inputs: { create: null } }, ""],
  ])("command: %s", async (_name, more, stdout) => {
    expect((await place.up(steps(step("a", more)))).outputs["stdouts"]?.value).toEqual({ a: stdout });
  });

  test("command: an update and a delete can see the output before", async () => {
    const program = (n: number) =>
      steps(step("a", { run: `echo "${n}:$PULUMI_COMMAND_STDOUT"`, inputs: { addPreviousOutputInEnv: true } }));
    await place.up(program(1));
    expect((await place.up(program(2))).outputs["stdouts"]?.value).toEqual({ a: "2:1:" });
  });

  test("command: a failure tells the command and its output, not its input", async () => {
    const outcome = await place.up(
      steps(step("a", { run: "echo out; echo err >&2; exit 7", secretStdin: "tops3cret" })),
    );
    expect(outcome.said).toMatch(/exit status 7: running "echo \\"create a\\" .*":\n(out\nerr|err\nout)/);
    expect(outcome.said).not.toContain("tops3cret");
  });

  test("secrets are never kept in clear", async () => {
    const program = { ...steps(step("a", { run: "cat", secretStdin: "tops3cret" })), secret: "s3cret output" };
    const outcome = await place.up({ ...program, password: { length: 24 } });
    const password = outcome.outputs["password"];
    expect(password).toMatchObject({ secret: true, value: expect.stringMatching(/^.{24}$/) as string });
    expect(outcome.outputs["secret"]).toEqual({ secret: true, value: "s3cret output" });
    // What the command prints is not: a program must mark it itself.
    expect(outcome.outputs["stdouts"]).toEqual({ secret: false, value: { a: "tops3cret" } });
    expect(place.kept()).not.toContain(password?.value);
    expect(place.kept()).not.toContain("s3cret output");
    expect(place.kept().split("tops3cret").length - 1).toBe(2);

    const again = await place.up({ ...program, password: { length: 24 } });
    expect(again.outputs["password"]).toEqual(password);
    const longer = await place.up({ ...program, password: { length: 30 } });
    expect(longer.changes).toMatchObject({ replace: 1 });
    expect(longer.outputs["password"]?.value).toMatch(/^.{30}$/);
  });

  test("a stack reference reads another stack's outputs", async () => {
    await place.up({ ...steps(step("a", { run: "echo theirs" })), secret: "s3cret" }, "other");
    const outcome = await place.up({ reference: "organization/steps/other" });
    expect(outcome.outputs["theirs"]).toEqual({ value: { a: "theirs" }, secret: false });
    expect(outcome.outputs["theirSecret"]).toEqual({ value: "s3cret", secret: true });
    expect((await place.up({ reference: "organization/steps/nobody" })).ok).toBe(false);
  });

  test("a preview runs nothing and changes nothing", async () => {
    const program = (text: string, ...more: Step[]) =>
      steps(step("a", { run: `echo ${text}` }), step("b", { from: "a" }), ...more);
    expect((await place.preview(program("one"))).changes).toMatchObject({ create: 3 });
    await place.up(program("one", step("c")));
    place.done();
    const kept = place.kept();
    const outcome = await place.preview(program("two", step("d", { triggers: [1] })));
    expect(outcome).toMatchObject({ ok: true, changes: { same: 1, update: 2, create: 1, delete: 1 } });
    expect(place.done()).toEqual([]);
    expect(place.kept()).toBe(kept);
  });

  test.each(["ConfigError", "bug"] as const)("a fault of the program (%s): nothing is deleted", async (fault) => {
    await place.up(steps(step("a")));
    place.done();
    const outcome = await place.up({ fault });
    expect(outcome.ok).toBe(false);
    expect(outcome.said).toMatch(/size: must be at least 1|something is undefined/);
    expect(place.done()).toEqual([]);
    expect((await place.up(steps(step("a")))).changes).toMatchObject({ same: 2 });
  });
});
