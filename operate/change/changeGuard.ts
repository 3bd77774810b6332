/**
 * The check that the program itself runs before it touches a running cluster, whichever engine runs it
 * (components/plannedCluster.ts): so that a plain `pulumi up` refuses what `amq up` refuses.
 */
import { readFileSync } from "node:fs";
import { hostOrder } from "../../core/change/hostOrder";
import { formatFaults } from "../../config/faults";
import { planOfRecord } from "../../core/change/record";
import { type How, refusals } from "./refusals";

/** Where the command provider puts what this printed the last time. */
const PREVIOUS = "PULUMI_COMMAND_STDOUT";

/**
 * Standard input: the record of the next change, printed when it may be made.
 * @param how how hosts are asked, and which machines run
 * @returns the exit code
 * @throws Error with every reason why it must not be made
 */
export async function guardChange(how: Pick<How, "ask" | "running"> = {}): Promise<number> {
  const record = readFileSync(0, "utf8");
  const previous = process.env[PREVIOUS] ?? "";
  const faults =
    previous === ""
      ? []
      : await refusals(planOfRecord(previous), planOfRecord(record), { order: hostOrder(process.env), ...how });
  if (faults.length > 0) throw new Error(formatFaults("this change of the running cluster", faults));
  process.stdout.write(record);
  return 0;
}
