import { ConfigError } from "../../config/faults";
import { report } from "../../operate/failure";

test("a faulty stack file: its own words, and the faults for machines", () => {
  const faults = [{ path: "groups", problem: "Too few.", allowed: "one or more", fix: "add one" }];
  const error = new ConfigError("config/Pulumi.x.yaml", faults);
  expect(report(error, false)).toEqual({
    message: error.message,
    json: { error: { message: error.message, faults } },
  });
});

test("what the project or the system refuses is said as it is", () => {
  expect(report(new Error("drill a whole cluster only"), false).message).toBe("drill a whole cluster only");
  const refused = Object.assign(new TypeError("EACCES: permission denied"), { code: "EACCES" });
  expect(report(refused, false).message).toBe("EACCES: permission denied");
});

test.each([new TypeError("x is undefined"), new RangeError("x is undefined"), "x is undefined"])(
  "a fault of ours is called one: %p",
  (error) => {
    const { message, json } = report(error, false);
    expect(message).toBe("this is a fault of amq (AMQ_DEBUG=1 shows where): x is undefined");
    expect(json).toEqual({ error: { message: "x is undefined" } });
  },
);

test("the place in the program only when it is asked for", () => {
  const error = new TypeError("x is undefined");
  expect(report(error, false).message).not.toContain("at ");
  expect(report(error, true).message).toContain(__filename);
});
