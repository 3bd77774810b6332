/** Rows of stores against each other, and against what releases and runtimes have. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RELEASES, availableReleases, distributionOf, isOlder, releasesWith } from "../../../core/products/releases";
import { STORES, STORE_NAMES, neededBrokers, sizeFault, usualBrokers } from "../../../core/products/stores";
import { PROJECT } from "../../support/raw";

describe.each(STORE_NAMES)("%s", (store) => {
  const { lines, election, withoutEnsemble, jars } = STORES[store];

  it("is in lines that exist, the last not older than the first, and one of them can be run", () => {
    const { first, last } = lines;
    expect(Object.keys(RELEASES)).toEqual(expect.arrayContaining(last === undefined ? [first] : [first, last]));
    expect(last !== undefined && isOlder(last, first)).toBe(false);
    expect(releasesWith(store)[0]).toBe(first);
    expect(availableReleases([store])).not.toEqual([]);
  });

  it("says why there is no ensemble exactly where none elects", () => {
    expect(withoutEnsemble === undefined).toBe(election === "zookeeper");
  });

  it("takes groups of the usual size, which is one broker exactly where there are no slaves", () => {
    expect(sizeFault(store, usualBrokers(store))).toBeUndefined();
    expect(usualBrokers(store) === 1).toBe(election === "none");
    expect(neededBrokers(store, usualBrokers(store))).toBeLessThanOrEqual(usualBrokers(store));
  });

  it("has a section in the document for users", () => {
    expect(readFileSync(join(PROJECT, "docs", "stores.md"), "utf8").split("\n")).toContain(`## ${store}`);
  });

  it.each(availableReleases([store]))("has what it needs in the runtime of %s", (release) => {
    const list = readFileSync(join(PROJECT, "runtime", distributionOf(release).runtime, "jars.sha256"), "utf8");
    expect(jars.filter((jar) => !new RegExp(`/${jar}-\\d`).test(list))).toEqual([]);
  });
});
