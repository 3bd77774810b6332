/** Encryption of the secret values in a state file. */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import type { Wire } from "./values";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under a key that scrypt makes of the passphrase and a salt of this state's own. */
export class Cipher {
  readonly #key: Buffer;

  constructor(
    passphrase: string,
    readonly salt = randomBytes(16).toString("base64"),
  ) {
    this.#key = scryptSync(passphrase, Buffer.from(salt, "base64"), 32);
  }

  seal(value: Wire): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    const body = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64");
  }

  /** @throws Error when the text was sealed under another passphrase, or changed since. */
  open(sealed: string): Wire {
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const body = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    return JSON.parse(body.toString("utf8")) as Wire;
  }
}
