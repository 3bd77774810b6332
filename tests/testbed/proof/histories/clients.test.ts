/** Bodies tell which message they are of, also among the bytes of another protocol. */
import fc from "fast-check";
import { bodyOf, readBody } from "../../../../testbed/proof/histories/clients/client";

const message = fc
  .tuple(fc.constantFrom("openwire", "stomp", "amqp"), fc.nat(9), fc.nat(999), fc.nat(9))
  .map(([protocol, client, operation, index]) => `${protocol}${client}:${operation}.${index}`);

it("says which message it is, whatever stands before it", () => {
  fc.assert(
    fc.property(message, fc.nat(2000), fc.constantFrom("", "\0Sw\xa1h", "\xb1\0\0\x04p"), (name, bytes, before) => {
      expect(readBody(`${before}${bodyOf(name, bytes)}`)).toEqual({ message: name, damaged: false });
    }),
  );
});

it("is as long as asked for, unless its name is longer", () => {
  expect(bodyOf("stomp1:2.3", 100)).toHaveLength(100);
  expect(bodyOf("stomp1:2.3", 1)).toBe("stomp1:2.3|1|");
});

it.each([
  ["cut short", (body: string) => body.slice(0, -1)],
  ["longer", (body: string) => `${body}x`],
  ["changed", (body: string) => `${body.slice(0, 50)}y${body.slice(51)}`],
])("notices that it is %s", (_what, change) => {
  expect(readBody(change(bodyOf("stomp1:2.3", 100)))).toEqual({ message: "stomp1:2.3", damaged: true });
});

it("has no name when it is of nobody", () => {
  expect(readBody("hello")).toEqual({ message: "", damaged: true });
});
