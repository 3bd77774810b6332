/** The check of a change where another program uses the components, run in that program's folder by `embedded.js` beside it. */
import { type Ask, onHost, onLocalHost } from "../hosts/askHost";
import { report } from "../failure";
import { guardChange } from "./changeGuard";

/** What `amq` reads from its own project's stack is not to be had here: with target aws, how to log in. */
const ask: Ask = (plan, host, words) => {
  switch (plan.config.target) {
    case "local":
      return onLocalHost(process.cwd(), plan, host, words);
    case "ssh":
      return onHost(plan, host, words);
    case "aws":
      return Promise.resolve({ code: null, stdout: "", stderr: "machines are not asked from another program" });
    default:
      return plan.config.target satisfies never;
  }
};

// Nor is the engine: as if no machine ran, so that what cannot be asked holds nothing up (package/README.md says so).
const running = () => Promise.resolve(new Set<string>());

/** Runs the check with this process's standard input and output. */
export function runPackageGuard(): void {
  guardChange({ ask, running }).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      console.error(report(error, false).message);
      process.exitCode = 1;
    },
  );
}
