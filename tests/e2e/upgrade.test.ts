/**
 * An upgrade, as a user does it: a cluster that an earlier commit has brought up, then `git pull` in the same folder, then `amq up`.
 * The state, the hosts' files and the stores are those of the earlier commit.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountsOf } from "../../operate/drill/accounts";
import { ClientProcess, idsIn, resolveClient } from "../../operate/drill/client";
import type { PlanJson } from "../../operate/plan/plan";
import { loadPlan } from "../../operate/project";
import { checkOut, idsByUrn, pull, unavailable } from "./earlierCommit";
import { underLoad } from "./load";
import { Project, group } from "../../testbed/harness/testProject";

jest.setTimeout(900_000);

/** The commit that users come from. It moves on with each release, to the one before. */
const COMMIT = "f02d29db2419b82285b87f57d64c7537db0cd649";

/** Messages that each group's store holds over the upgrade, and how long none has to come before the rest is taken for lost. */
const [STORED, QUIET_SECONDS] = ["50", "60"];

const stack = "upgrade";
const reason = unavailable(COMMIT);
if (reason !== undefined) console.warn(`skipped: ${reason}`);
const describeUpgrade = reason === undefined ? describe : describe.skip;

describeUpgrade(`a cluster of commit ${COMMIT.slice(0, 7)}`, () => {
  let project: Project;
  let temporary: string;

  /** One group with slaves and an ensemble, and one that is a single broker. Clients are sent to both. */
  const write = (tempMiB: number) => {
    const single = { ...group("b", 3, 1), store: "kahaDB" };
    // The earlier commit has no setting for its log files.
    project.write(stack, { groups: [group("a"), single], limits: { tempMiB }, replicatedLevelDB: {} });
  };

  beforeAll(async () => {
    temporary = mkdtempSync(join(tmpdir(), "amq-upgrade-"));
    project = new Project((directory) => {
      checkOut(COMMIT, directory);
    });
    write(500);
    await project.up(stack);
    resolveClient();
    for (const name of ["a", "b"]) {
      expect(await client(name, "send", "--count", STORED, "--prefix", name)).toMatchObject({ event: "sent" });
    }
  });
  afterAll(() => {
    project.remove();
    rmSync(temporary, { recursive: true, force: true });
  });

  /** Runs a client against one group to its end; the queue is one that only that group has. */
  async function client(name: string, ...words: string[]) {
    const plan = loadPlan(stack, project.directory);
    const { account } = await accountsOf(project.directory, plan);
    const [url = ""] = [plan.urls.groups[name]];
    const never = new AbortController().signal;
    return new ClientProcess(account, [...words, "--url", url, "--queue", `stored.${name}`], never).result();
  }

  /** What `amq plan` says that `amq up` is going to do. */
  async function announced() {
    const { stdout, stderr } = await project.amq("plan", stack, "--json");
    const { change } = JSON.parse(stdout) as PlanJson;
    if (change === undefined) throw new Error(`plan says nothing of what runs: ${stderr}`);
    const { refused, machines, starts, stops, members, database, groups } = change;
    const restarts = [...members, ...database, ...groups.flatMap((one) => one.restarts)].map(({ name }) => name).sort();
    return { restarts, others: { refused, machines, starts, stops } };
  }

  const NO_OTHERS = { refused: [], machines: [], starts: [], stops: [] };

  function restarted(before: Readonly<Record<string, string>>): string[] {
    const after = project.pids(stack);
    return Object.keys({ ...before, ...after }).filter((service) => before[service] !== after[service]).sort(); // prettier-ignore
  }

  it("is taken over under load: nothing lost, nothing replaced or deleted, only announced restarts", async () => {
    const before = { pids: project.pids(stack), resources: idsByUrn(project.directory, stack) };
    const { result: change, counts } = await underLoad(project.directory, stack, async () => {
      pull(COMMIT, project.directory);
      const said = await announced();
      await project.up(stack);
      return said;
    });
    expect(idsByUrn(project.directory, stack)).toMatchObject(before.resources);
    expect(change.others).toEqual(NO_OTHERS);
    expect(restarted(before.pids)).toEqual(change.restarts);
    await project.whole(stack);
    expect(counts.sent).toBeGreaterThan(100);
    expect(counts.lost).toBe(0);
  });

  it("is changed by today's program afterwards, under load, and nothing is lost", async () => {
    const before = { pids: project.pids(stack), resources: idsByUrn(project.directory, stack) };
    const { result: change, counts } = await underLoad(project.directory, stack, async () => {
      write(600);
      const said = await announced();
      await project.up(stack);
      return said;
    });
    expect(change).toEqual({ restarts: ["a-1", "a-2", "a-3", "b-1"], others: NO_OTHERS });
    expect(restarted(before.pids)).toEqual(change.restarts);
    expect(idsByUrn(project.directory, stack)).toMatchObject(before.resources);
    await project.whole(stack);
    expect(counts.sent).toBeGreaterThan(100);
    expect(counts.lost).toBe(0);
  });

  it.each(["a", "b"])("still has what group %s stored before", async (name) => {
    const file = join(temporary, name);
    await client(name, "receive", "--received", file, "--count", STORED, "--idle", QUIET_SECONDS);
    expect(idsIn(file).length).toBe(Number(STORED));
    expect(new Set(idsIn(file)).size).toBe(Number(STORED));
  });

  it("goes down, and leaves no process and no state", async () => {
    const { code, stderr } = await project.amq("down", stack);
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    expect(project.processes()).toEqual([]);
    expect(() => idsByUrn(project.directory, stack)).toThrow("no state of stack upgrade");
  });
});
