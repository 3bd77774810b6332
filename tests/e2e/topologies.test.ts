/** The other ways to join groups, each with the experiment that shows what it is for. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Project } from "./project";

jest.setTimeout(600_000);

const project = new Project();
afterAll(() => {
  project.remove();
});

describe.each([
  ["duplex from one side, in both directions", "duplex", { topology: "duplex" }, "2"],
  ["one connector away from the consumer", "oneway", { topology: "custom", bridges: [{ from: "a", to: "b" }] }, "3"],
  ["groups without slaves", "single", { store: "kahaDB" }, "4"],
])("%s", (_, stack, keys, experiment) => {
  afterAll(() => {
    project.end(stack);
  });

  it(`keeps the promise of experiment ${experiment}, and keeps its data when asked to`, async () => {
    project.write(stack, keys);
    await project.up(stack);
    expect(await project.drill(stack, experiment)).toMatchObject({ ok: true, ...(experiment === "2" && { lost: 0 }) });
    expect((await project.amq("down", stack, "--keep-data")).code).toBe(0);
    expect(project.processes()).toEqual([]);
    expect(existsSync(join(project.directory, ".amq", stack, "hosts", "a-1", "a-1", "data"))).toBe(true);
  });
});
