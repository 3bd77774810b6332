/** What loads the project's TypeScript, in a folder of its own with a cache of its own. */
import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ProjectCopy } from "../../testbed/harness/projectCopy";

const ROOT = join(__dirname, "../..");
let folder: string;
const cache = () => join(folder, "node_modules", ".cache", "amq");
const entries = () => readdirSync(cache()).filter((name) => name.endsWith(".js"));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "amq-typescript-"));
  mkdirSync(join(folder, "operate"));
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["esbuild", "@esbuild"]) {
    symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  }
  cpSync(join(ROOT, "operate/typescript.js"), join(folder, "operate/typescript.js"));
  says("first");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function says(words: string): void {
  writeFileSync(
    join(folder, "operate/words.ts"),
    `interface Words {\n  text: string;\n}\n\nexport const words: Words = { text: "${words}" };\nexport const fail = (): never => { throw new Error("failed"); };\n`,
  );
}

async function run(code = "console.log(require('./operate/words.ts').words.text)"): Promise<string> {
  const args = ["--require", join(folder, "operate/typescript.js"), "-e", code];
  return (await promisify(execFile)(process.execPath, args, { cwd: folder })).stdout.trim();
}

it("runs a source as it stands now, and again when it is as it was", async () => {
  expect(await run()).toBe("first");
  says("second");
  expect(await run()).toBe("second");
  says("first");
  expect(await run()).toBe("first");
  expect(entries()).toHaveLength(2);
});

it("takes what it has compiled before from the cache", async () => {
  await run();
  const [entry = ""] = entries();
  const text = readFileSync(join(cache(), entry), "utf8");
  expect(await run()).toBe("first");
  expect(entries()).toEqual([entry]);
  // Without a compiler it can only come from there.
  const code = `require('./node_modules/esbuild').transformSync = () => { throw new Error("compiled again"); };`;
  expect(await run(`${code} console.log(require('./operate/words.ts').words.text)`)).toBe("first");
  expect(readFileSync(join(cache(), entry), "utf8")).toBe(text);
});

it.each<[string, (file: string) => void]>([
  ["cut short", (file) => { truncateSync(file, readFileSync(file).length - 20); }], // prettier-ignore
  ["empty", (file) => { truncateSync(file, 0); }], // prettier-ignore
  ["of something else", (file) => { writeFileSync(file, "//0\nexports.words = { text: 'foreign' };"); }], // prettier-ignore
])("an entry that is %s is made anew", async (_, spoil) => {
  await run();
  const entry = join(cache(), entries()[0] ?? "");
  const whole = readFileSync(entry, "utf8");
  spoil(entry);
  expect(await run()).toBe("first");
  expect(readFileSync(entry, "utf8")).toBe(whole);
});

it("works where no cache can be written", async () => {
  // A file in the folder's place: root is kept out as well, which no permission does.
  writeFileSync(join(folder, "node_modules", ".cache"), "");
  expect(await run()).toBe("first");
  expect(await run()).toBe("first");
});

it("several at once share one entry, and leave no draft", async () => {
  expect(await Promise.all(Array.from({ length: 4 }, () => run()))).toEqual(Array(4).fill("first"));
  expect(entries()).toHaveLength(1);
  expect(readdirSync(cache()).filter((name) => /\.js\.\d+$/.test(name))).toEqual([]);
});

it("names lines of the source in stack traces, whether it was compiled now or before", async () => {
  const code = "try { require('./operate/words.ts').fail() } catch (error) { console.log(error.stack) }";
  for (const trace of [await run(code), await run(code)]) expect(trace).toContain("operate/words.ts:6:");
});

it("does not read the source maps of libraries, which would take longer than to load them", async () => {
  const map = { version: 3, sources: ["elsewhere.ts"], names: [], mappings: "AAAA" };
  const comment = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString("base64")}`;
  mkdirSync(join(folder, "node_modules/library"));
  const library = join(folder, "node_modules/library/index.js");
  writeFileSync(library, `exports.fail = () => { throw new Error("in a library") };\n${comment}\n`);
  const trace = await run(`try { require('${library}').fail() } catch (error) { console.log(error.stack) }`);
  expect(trace).toContain("library/index.js:1:");
  expect(trace).not.toContain("elsewhere");
});

it("amq runs what a checkout's source says now", async () => {
  const copy = new ProjectCopy("amq-edited-");
  try {
    expect((await copy.amq("--help")).stdout).toContain("the commands for a stack");
    const file = join(copy.directory, "operate/program.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace("the commands for a stack", "edited just now"));
    expect((await copy.amq("--help")).stdout).toContain("edited just now");
  } finally {
    copy.remove();
  }
});
