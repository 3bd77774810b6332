/** Errors of a database: those that leave the outcome of a write unknown end a broker, the others do not. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { java } from "./java";

function run(...states: readonly string[]) {
  const data = mkdtempSync(join(tmpdir(), "amq-data-"));
  try {
    const options = ["-Dorg.apache.logging.log4j.level=OFF", `-Dactivemq.data=${data}`];
    const { code, stdout } = java("classic-6.3", "DatabaseErrorsCheck", states, { options });
    const reason = join(data, "last-failure");
    const kept = existsSync(reason) ? readFileSync(reason, "utf8") : "";
    return { code, said: stdout.split("\n").filter(Boolean), kept };
  } finally {
    rmSync(data, { recursive: true });
  }
}

it("end no broker when the database refused the write, or there was no connection", () => {
  // A duplicate, a full disk, a server that is read-only, a deadlock, the fence.
  const states = ["23505", "53100", "25006", "40P01", "P0001", "connecting"];
  expect(run(...states)).toEqual({ code: 0, said: states.map((state) => `${state}: goes on`), kept: "" });
});

// A broken connection, a server that is shut down, an internal error of it, what the driver says without a state, and 40003 itself.
it.each(["08006", "57P01", "XX000", "none", "40003"])("end a broker when the outcome is unknown: %s", (state) => {
  const { kept, ...ended } = run(state);
  // BrokerMain.EXIT_CODE.
  expect(ended).toEqual({ code: 75, said: [] });
  // What status shows.
  expect(kept).toMatch(/^The outcome of a write to the database is unknown: java.sql.SQLException: refused \(/);
});
