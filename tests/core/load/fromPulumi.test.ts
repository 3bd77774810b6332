import * as pulumi from "@pulumi/pulumi";
import { fromPulumi } from "../../../core/load/fromPulumi";
import { parseConfig } from "../../../core/load/parseConfig";

it("takes our keys from the engine, without their namespace", () => {
  pulumi.runtime.setAllConfig({
    "activemq:target": "local",
    "activemq:groups": '[{"name":"a"}]',
    "activemqx:target": "other",
    "aws:region": "eu-west-1",
  });
  expect(fromPulumi()).toEqual({ target: "local", groups: '[{"name":"a"}]' });
  expect(parseConfig("stack x", fromPulumi()).groups[0]?.name).toBe("a");
});

it("keeps keys that every object has", () => {
  pulumi.runtime.setAllConfig({ "activemq:__proto__": "1", "activemq:constructor": "2" });
  expect(Object.entries(fromPulumi())).toEqual([
    ["__proto__", "1"],
    ["constructor", "2"],
  ]);
});
