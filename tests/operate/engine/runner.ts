/** One engine run in a process of its own: `runner.ts <action> <options as JSON>`. Prints events and the result. */
import { destroy, preview, up, type EngineOptions } from "../../../operate/engine/standIn/standInEngine";

const print = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);
const [, , action, options] = process.argv;
const run = action === "up" ? up : action === "preview" ? preview : destroy;
run({ ...(JSON.parse(options ?? "{}") as EngineOptions), onEvent: (event) => print({ event }) }).then(
  (result) => print({ result }),
  (error: unknown) => print({ error: String(error) }),
);
