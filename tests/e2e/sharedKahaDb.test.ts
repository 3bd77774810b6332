/** Store sharedKahaDB on real processes: what it promises. How a change rolls is the same as with jdbc (jdbc.test.ts). */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Project, group } from "../../testbed/harness/testProject";
import { javaSays } from "./java";

const project = new Project();
afterAll(() => {
  project.remove();
});

describe("sharedKahaDB, in a directory of this machine", () => {
  const stack = "shared";
  const keys = { store: "sharedKahaDB", topology: "none", groups: [group("a", 0, 3, false)] };
  const folder = (...path: string[]) => join(project.directory, ".amq", stack, ...path);

  beforeAll(async () => {
    project.write(stack, keys);
    await project.up(stack);
  });
  afterAll(() => {
    project.end(stack);
  });

  it("has one master, slaves that wait for the lock, one store, and no ZooKeeper", async () => {
    const { whole, ensemble, groups } = await project.whole(stack);
    expect({ whole, ensemble }).toEqual({ whole: true, ensemble: [] });
    expect(groups[0]?.brokers.map(({ role }) => role).sort()).toEqual(["master", "slave", "slave"]);
    expect(readdirSync(folder("shared", "a"))).toEqual(expect.arrayContaining(["db.data", "lock"]));
    const { stdout } = await project.amq("plan", stack);
    expect(stdout).toContain("none: whoever has the lock on a group's shared directory is its master");
  });

  it("keeps a former master from writing to what its successor has, by copies of what it may have open", () => {
    const directory = mkdtempSync(join(tmpdir(), "amq-copies-"));
    try {
      const said = javaSays("classic-6.3", "FreshCopiesCheck", [directory]);
      const [kept, written] = ["acknowledged", "lateowledged"];
      expect(said.trim().split("\n")).toEqual([
        // Masters only read these.
        `db-1.log: ${written}`,
        `db-8.log: ${written}`,
        ...["db-9.log", "db-10.log", "db-11.log", "db.data", "db.free", "db.redo"].map((name) => `${name}: ${kept}`),
        `lock: ${written}`,
        "files: 9",
      ]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("a master whose lock file is replaced ends at once, and there is one master again", async () => {
    const before = (await project.status(stack)).groups[0]?.master ?? "";
    const index = () => statSync(folder("shared", "a", "db.data")).ino;
    const indexBefore = index();
    rmSync(folder("shared", "a", "lock"));
    writeFileSync(folder("shared", "a", "lock"), "");
    await project.until(stack, ({ groups }) => groups[0]?.master !== before, 30, "the old master goes on");
    await project.until(stack, ({ whole }) => whole, 60, "the group is not whole again");
    const log = readFileSync(folder("hosts", before, before, "log", "activemq.log"), "utf8");
    expect(log).toMatch(/lock on .* is not this broker's any more/);
    expect(index()).not.toBe(indexBefore);
  });

  it.each([
    ["a timed kill under eight producers", ["5"]],
    ["a directory that is away for 12 s", ["shared"]],
    ["a master that stands still for 30 s", ["frozen"]],
  ])("loses no acknowledged message in %s", async (_what, words) => {
    const result = await project.drill(stack, ...words);
    expect(result).toMatchObject({ lost: 0, ok: true });
    expect(result.sent).toBeGreaterThan(100);
  });

  it("goes down without leaving a process or a message", async () => {
    expect((await project.amq("down", stack)).code).toBe(0);
    expect(project.processes()).toEqual([]);
    expect(existsSync(folder())).toBe(false);
  });
});
