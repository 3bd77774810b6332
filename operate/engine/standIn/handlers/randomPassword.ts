/** `random:index/randomPassword:RandomPassword`; any changed input makes a new password. */
import { randomInt } from "node:crypto";
import type { WireMap } from "../values";
import type { Handler } from "./handler";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS = "0123456789";
/** The provider's own default. */
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

export const randomPassword: Handler = {
  replaces: () => true,
  create: (inputs) => {
    const options = withDefaults(inputs);
    // As a rejection, not a throw: the engine awaits handlers.
    return Promise.resolve().then(() => ({ id: "none", outputs: { ...options, result: password(options) } }));
  },
  update: (_inputs, outputs) => Promise.resolve(outputs),
  delete: () => Promise.resolve(),
};

function withDefaults(inputs: WireMap): WireMap {
  const numeric = inputs["numeric"] ?? inputs["number"] ?? true;
  return {
    lower: inputs["lower"] ?? true,
    upper: inputs["upper"] ?? true,
    numeric,
    number: numeric,
    special: inputs["special"] ?? true,
    minLower: inputs["minLower"] ?? 0,
    minUpper: inputs["minUpper"] ?? 0,
    minNumeric: inputs["minNumeric"] ?? 0,
    minSpecial: inputs["minSpecial"] ?? 0,
    length: inputs["length"] ?? 0,
    overrideSpecial: inputs["overrideSpecial"] ?? null,
  };
}

function password(options: WireMap): string {
  const override = options["overrideSpecial"];
  const special = typeof override === "string" && override !== "" ? override : SPECIAL;
  const classes: [characters: string, allowed: boolean, minimum: number][] = [
    [LOWER, options["lower"] === true, Number(options["minLower"])],
    [UPPER, options["upper"] === true, Number(options["minUpper"])],
    [DIGITS, options["numeric"] === true, Number(options["minNumeric"])],
    [special, options["special"] === true, Number(options["minSpecial"])],
  ];
  const length = Number(options["length"]);
  const minimum = classes.reduce((sum, [, , count]) => sum + count, 0);
  const alphabet = classes.map(([characters, allowed]) => (allowed ? characters : "")).join("");
  if (length < Math.max(1, minimum)) throw new Error(`length ${length} is less than 1 or than the sum of minima`);
  if (alphabet === "") throw new Error("no character class is allowed");
  const picked = classes.flatMap(([characters, , count]) => pick(characters, count));
  return shuffle([...picked, ...pick(alphabet, length - minimum)]).join("");
}

function pick(characters: string, count: number): string[] {
  return Array.from({ length: count }, () => characters.charAt(randomInt(characters.length)));
}

/** Fisher and Yates. */
function shuffle(items: string[]): string[] {
  const rest = [...items];
  return items.map(() => rest.splice(randomInt(rest.length), 1).join(""));
}
