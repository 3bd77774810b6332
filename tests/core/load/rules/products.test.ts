import { readFileSync } from "node:fs";
import { join } from "node:path";
import { availableReleases, RELEASES } from "../../../../core/products/releases";
import { configOf, PROJECT } from "../../../support/raw";
import { expectRow, LOCAL, type Row, SINGLE } from "./bases";

describe("rules of products", () => {
  it.each<Row>([
    ["a release that never was", { ...LOCAL, release: "7.1" }, ["release"], ["no line of releases `7.1`", "`5.16`"]],
    ["a release with its patch level", { ...LOCAL, release: "5.16.8" }, ["release"], ["Name the line only: `5.16`"]],
    ["a name every object has", { ...LOCAL, release: "constructor" }, ["release"], ["no line of releases"]],
    [
      "a release without a runtime",
      { ...SINGLE, release: "5.14" },
      ["release"],
      ["no runtime for 5.14", "ended on 2017-06-27"],
    ],
    [
      "a maintained release without a runtime",
      { ...SINGLE, release: "5.19" },
      ["release"],
      ["no runtime for 5.19 here."],
    ],
    [
      "a release without the store",
      { ...LOCAL, release: "5.17" },
      ["release", "store"],
      ["Release 5.17 has no replicatedLevelDB", "in 5.9 to 5.16"],
    ],
    [
      "stores that no release has both",
      { ...LOCAL, groups: [{ name: "a" }, { name: "b", store: "jdbc" }] },
      ["groups[1].store"],
      ["Release 5.16 has no jdbc", "a cluster has one release"],
    ],
    [
      "stores that a release has both",
      { ...LOCAL, store: "jdbc", groups: [{ name: "a" }, { name: "b", store: "sharedKahaDB" }] },
      [],
      [],
    ],
  ])("%s", (...row) => {
    expectRow(...row);
  });
});

describe("releases", () => {
  it("has a runtime folder for every release that can be chosen, and its default is one of them", () => {
    expect(availableReleases()).toContain(configOf(LOCAL).release);
    for (const name of availableReleases()) {
      const pom = readFileSync(
        join(PROJECT, "runtime", RELEASES[name]?.distribution?.runtime ?? "", "pom.xml"),
        "utf8",
      );
      expect(pom).toContain("<artifactId>activemq-broker</artifactId>");
    }
  });

  it.each(Object.entries(RELEASES))("%s ended on a real day, if it did", (_name, { endOfLife }) => {
    expect(endOfLife ?? "2000-01-01").toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(Number.isNaN(Date.parse(endOfLife ?? "2000-01-01"))).toBe(false);
  });
});
