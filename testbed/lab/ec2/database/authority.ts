/** Who signs the certificates of the lab's databases, in the place of Amazon: brokers have to be told (jdbc.caCertificates). */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../../core/util/process";

const DAYS = "30";
const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"] as const;

const authorityFile = (folder: string) => join(folder, "authority.pem");
const keyFile = (folder: string) => join(folder, "authority.key");

/** Makes it, unless it is there. @returns its certificate, as PEM */
export async function authority(folder: string): Promise<string> {
  if (!existsSync(authorityFile(folder))) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const subject = "/CN=Databases of the lab that plays EC2";
    const files = ["-keyout", keyFile(folder), "-out", `${authorityFile(folder)}.new`];
    await run("openssl", "req", "-x509", ...KEY, "-days", DAYS, "-subj", subject, ...files);
    // The key is there once the certificate is.
    await run("mv", `${authorityFile(folder)}.new`, authorityFile(folder));
  }
  return readFileSync(authorityFile(folder), "utf8");
}

/** Makes a certificate for one name, with its key, in a database's folder. */
export async function certify(
  folder: string,
  name: string,
  into: string,
): Promise<{ certificate: string; key: string }> {
  await authority(folder);
  const [certificate, key, request] = ["server.pem", "server.key", "request"].map((file) => join(into, file));
  if (certificate === undefined || key === undefined || request === undefined) throw new Error("no names");
  writeFileSync(`${request}.cnf`, `subjectAltName=DNS:${name}\n`);
  await run("openssl", "req", "-new", ...KEY, "-subj", "/CN=database", "-keyout", key, "-out", request);
  const signer = ["-CA", authorityFile(folder), "-CAkey", keyFile(folder), "-CAcreateserial"];
  const asked = ["-in", request, "-extfile", `${request}.cnf`, "-days", DAYS, "-out", certificate];
  await run("openssl", "x509", "-req", ...signer, ...asked);
  return { certificate, key };
}
