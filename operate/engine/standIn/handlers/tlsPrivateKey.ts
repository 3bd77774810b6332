/** `tls:index/privateKey:PrivateKey` of algorithm ED25519; any changed input makes a new key. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../../core/util/process";
import type { Created, Handler } from "./handler";

export const tlsPrivateKey: Handler = {
  replaces: () => true,
  create: async (inputs) => {
    const algorithm = inputs["algorithm"] ?? null;
    if (algorithm !== "ED25519") {
      throw new Error(`the stand-in engine makes keys of algorithm ED25519, not ${JSON.stringify(algorithm)}`);
    }
    return makeKey();
  },
  update: (_inputs, outputs) => Promise.resolve(outputs),
  delete: () => Promise.resolve(),
};

/** Both halves as OpenSSH has them. */
async function makeKey(): Promise<Created> {
  const folder = mkdtempSync(join(tmpdir(), "amq-key-"));
  const file = join(folder, "key");
  try {
    await run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file);
    const fingerprint = (await run("ssh-keygen", "-l", "-f", file)).split(" ")[1] ?? "";
    const outputs = {
      privateKeyOpenssh: readFileSync(file, "utf8"),
      // As the provider: without a comment, with a line end.
      publicKeyOpenssh: `${readFileSync(`${file}.pub`, "utf8").trim()}\n`,
      publicKeyFingerprintSha256: fingerprint,
    };
    return { id: fingerprint, outputs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
