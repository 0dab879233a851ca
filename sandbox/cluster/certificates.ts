/** One authority, the API server's certificate, and the key pair that service account tokens are signed with. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exec } from "../exec";
import { sandboxDir } from "../paths";
import { systemPath } from "../setup/packages";
import type { Addresses } from "./network";

const env = { PATH: systemPath };
const dir = join(sandboxDir, "certificates");
const file = (name: string) => join(dir, name);

export const certificates = {
  authority: file("authority.crt"),
  server: file("server.crt"),
  serverKey: file("server.key"),
  /** What the API server shows the kubelet. */
  client: file("client.crt"),
  clientKey: file("client.key"),
  accounts: file("accounts.pub"),
  accountsKey: file("accounts.key"),
};

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650"];

async function issue(name: string, subject: string, extension: string): Promise<void> {
  await exec(
    "openssl",
    ["req", ...newKey, "-keyout", file(`${name}.key`), "-out", file(`${name}.csr`), "-subj", subject],
    { env },
  );
  writeFileSync(file(`${name}.ext`), extension);
  const authority = ["-CA", file("authority.crt"), "-CAkey", file("authority.key"), "-CAcreateserial"];
  const request = ["-req", "-in", file(`${name}.csr`), "-extfile", file(`${name}.ext`), "-days", "3650"];
  await exec("openssl", ["x509", ...request, ...authority, "-out", file(`${name}.crt`)], { env });
}

export async function makeCertificates(addresses: Addresses): Promise<void> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const authority = ["-x509", ...newKey, "-keyout", file("authority.key"), "-out", file("authority.crt")];
  await exec("openssl", ["req", ...authority, "-subj", "/CN=bsr-sandbox"], { env });
  const names = `IP:127.0.0.1,IP:${addresses.firstService},DNS:localhost,DNS:kubernetes.default.svc`;
  await issue("server", "/CN=kube-apiserver", `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
  await issue("client", "/O=system:masters/CN=kube-apiserver", "extendedKeyUsage=clientAuth\n");
  await exec(
    "openssl",
    ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file("accounts.key")],
    { env },
  );
  await exec("openssl", ["pkey", "-in", file("accounts.key"), "-pubout", "-out", file("accounts.pub")], {
    env,
  });
}
