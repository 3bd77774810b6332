/** Whether a master notices that it takes and gives no messages, and that it does again. `amq status` shows it. */
import type { RuntimeName } from "../../core/host/runtimes";
import { java } from "./java";

it.each<RuntimeName>(["classic-6.3", "classic-5.16"])("by messages of its own, on %s", (runtime) => {
  const { code, stdout } = java(runtime, "ServiceTrialCheck");
  expect({ code, lines: stdout.trim().split("\n") }).toEqual({
    code: 0,
    lines: [
      "empty: 0 failures, served",
      "full: failures, not served",
      "emptied: 0 failures, served",
      "nothing piles up",
      "stopped: not shown",
    ],
  });
});
