import { OTHER_VULNERABILITIES } from "../../../core/products/otherVulnerabilities";
import { VULNERABILITIES } from "../../../core/products/vulnerabilities";

test("each advisory is in one table, once, under every number that it has", () => {
  const numbers = [...VULNERABILITIES, ...OTHER_VULNERABILITIES].flatMap(({ id, aliases = [] }) => [id, ...aliases]);
  expect(numbers).toEqual([...new Set(numbers)]);
  expect(numbers.filter((number) => !/^CVE-\d{4}-\d{4,}$|^GHSA(-[0-9a-z]{4}){3}$/.test(number))).toEqual([]);
});
