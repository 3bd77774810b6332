import { type Request, parse, select } from "./selection";

const FILES = [
  "e2e/cluster.test.ts",
  "e2e/ssh.test.ts",
  "e2e/sshBastion.test.ts",
  "hosts/ssh.test.ts",
  "config/load.test.ts",
];
const SECONDS: Readonly<Record<string, number>> = {
  "e2e/cluster.test.ts": 100,
  "e2e/ssh.test.ts": 60,
  "e2e/sshBastion.test.ts": 50,
};
const secondsOf = (file: string) => SECONDS[file] ?? 1;
const chosen = (...words: string[]) => select(parse(words), FILES, secondsOf);

describe("the words after npm test --", () => {
  it.each<[string[], Partial<Request>]>([
    [[], { layers: [], only: [], shard: undefined }],
    [["unit"], { layers: ["unit"] }],
    [["lint", "types"], { layers: ["lint", "types"] }],
    [["--only", "ssh", "--only=rotate"], { only: ["ssh", "rotate"] }],
    [["e2e", "--shard", "2/3"], { layers: ["e2e"], shard: { index: 2, of: 3 } }],
  ])("%j", (words, expected) => {
    expect(parse(words)).toMatchObject(expected);
  });

  it.each([
    [["units"], 'does not know "units"'],
    [["--onyl", "ssh"], 'does not know "--onyl"'],
    [["--only"], "--only needs the name"],
    [["--only", "--shard"], "--only needs the name"],
    [["--shard", "3"], '--shard "3" is no part of a whole'],
    [["--shard", "4/3"], '--shard "4/3" is no part of a whole'],
    [["--shard", "0/3"], '--shard "0/3" is no part of a whole'],
  ])("%j is refused, with what is allowed", (words, problem) => {
    expect(() => parse(words)).toThrow(problem);
    expect(() => parse(words)).toThrow(/Allowed:/);
  });
});

describe("what is run", () => {
  it("is everything by default, and nothing is left out", () => {
    expect(chosen()).toEqual({
      checks: ["format", "lint", "types"],
      files: { unit: ["hosts/ssh.test.ts", "config/load.test.ts"], e2e: FILES.slice(0, 3) },
      leftOut: [],
    });
  });

  it("is the layer that is named", () => {
    expect(chosen("lint")).toMatchObject({ checks: ["lint"], files: { unit: [], e2e: [] } });
    expect(chosen("unit")).toMatchObject({ checks: [], files: { unit: FILES.slice(3), e2e: [] } });
  });

  it("is a part by name over both kinds of tests, and says what is left out", () => {
    expect(chosen("--only", "SSH")).toEqual({
      checks: [],
      files: { unit: ["hosts/ssh.test.ts"], e2e: ["e2e/ssh.test.ts", "e2e/sshBastion.test.ts"] },
      leftOut: ["format", "lint", "types", "1 of 2 unit test files", "1 of 3 e2e test files"],
    });
    expect(chosen("--only", "e2e/ssh.").files).toEqual({ unit: [], e2e: ["e2e/ssh.test.ts"] });
  });

  it("is nothing for a name that is in no path, even beside one that is: what there is is told", () => {
    expect(() => chosen("--only", "ssh", "--only", "sssh")).toThrow(
      '--only "sssh": no test file has this in its path. There are:\n  config/: load\n  e2e/: cluster, ssh, sshBastion\n  hosts/: ssh',
    );
  });

  it("is shared out in parts that take about as long, the checks with the first", () => {
    const parts = [1, 2].map((n) => chosen("--shard", `${n}/2`));
    expect(parts.map(({ files }) => files.e2e)).toEqual([
      ["e2e/cluster.test.ts"],
      ["e2e/ssh.test.ts", "e2e/sshBastion.test.ts"],
    ]);
    expect(parts.flatMap(({ files }) => files.unit).sort()).toEqual(FILES.slice(3).sort());
    expect(parts.map(({ checks }) => checks.length)).toEqual([3, 0]);
  });
});
