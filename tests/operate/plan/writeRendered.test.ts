import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { render } from "../../../core/render/render";
import { writeRendered } from "../../../operate/plan/writeRendered";
import { RUNTIMES, planOf } from "../../support/plans";

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "amq-out-")); }); // prettier-ignore
afterEach(() => { rmSync(folder, { recursive: true, force: true }); }); // prettier-ignore

const write = (values: Record<string, unknown> = {}, to = folder) => {
  const plan = planOf(values);
  return writeRendered(plan, render(plan, RUNTIMES), to);
};
const filesIn = (directory: string) =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();

test("every file is at <host>/<service>/<path>, with its text and mode", () => {
  const plan = planOf({});
  const services = render(plan, RUNTIMES);
  const count = write();
  const expected = services.flatMap(({ host, name, files }) => files.map(({ path }) => join(host, name, path)));
  expect(filesIn(folder)).toEqual([".amq-plan", ...expected].sort());
  expect(count).toBe(expected.length);
  for (const { host, name, files } of services) {
    for (const { path, text, executable } of files) {
      const file = join(folder, host, name, path);
      expect(readFileSync(file, "utf8")).toBe(text);
      expect((statSync(file).mode & 0o111) !== 0).toBe(executable === true);
    }
  }
});

test("a host that carries several services has a folder for each", () => {
  write({ placement: "interleaved" });
  expect(readdirSync(join(folder, "host-1")).sort()).toEqual(["a-1", "b-1"]);
});

test("a new folder is made, with those above it", () => {
  write({}, join(folder, "x", "y"));
  expect(existsSync(join(folder, "x", "y", ".amq-plan"))).toBe(true);
});

test("a folder with anything else in it is refused and left alone", () => {
  writeFileSync(join(folder, "thesis.txt"), "years of work");
  expect(() => write()).toThrow("the folder is not empty and was not written by amq plan");
  expect(filesIn(folder)).toEqual(["thesis.txt"]);
});

test("a second run leaves nothing stale, and what others put there alone", () => {
  write();
  mkdirSync(join(folder, ".git"));
  writeFileSync(join(folder, ".git", "HEAD"), "ref");
  writeFileSync(join(folder, "a-1", "notes.txt"), "mine");
  write({ groups: [{ name: "a" }], placement: "hostPerGroup" });
  expect(filesIn(folder).filter((file) => !file.startsWith("a-host") && !file.startsWith("zookeeper"))).toEqual([
    ".amq-plan",
    ".git/HEAD",
    "a-1/notes.txt",
  ]);
  expect(existsSync(join(folder, "b-1"))).toBe(false);
});

test("the same plan again writes the same", () => {
  write();
  const before = filesIn(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  write();
  expect(filesIn(folder).map((file) => readFileSync(join(folder, file), "utf8"))).toEqual(before);
});

test("a file of somebody else's where one of ours would go is not overwritten", () => {
  write({ groups: [{ name: "a" }] });
  mkdirSync(join(folder, "b-1", "b-1"), { recursive: true });
  writeFileSync(join(folder, "b-1", "b-1", "activemq.xml"), "mine");
  expect(() => write()).toThrow("b-1/b-1/activemq.xml was not written by amq plan; move it away");
  expect(readFileSync(join(folder, "b-1", "b-1", "activemq.xml"), "utf8")).toBe("mine");
});

test("a list that was tampered with removes nothing outside the folder", () => {
  const outside = join(folder, "outside.txt");
  const out = join(folder, "out");
  writeFileSync(outside, "keep");
  write({}, out);
  writeFileSync(join(out, ".amq-plan"), `../outside.txt\n${outside}\na-1/../../outside.txt\n`, { flag: "a" });
  write({ groups: [{ name: "a" }] }, out);
  expect(readFileSync(outside, "utf8")).toBe("keep");
});

test("a file in the place of the folder is refused", () => {
  const file = join(folder, "file");
  writeFileSync(file, "text");
  expect(() => write({}, file)).toThrow();
  expect(readFileSync(file, "utf8")).toBe("text");
});
