/** Pushes to an OCI registry by its HTTP API: for 43 releases that takes seconds, a process for each takes minutes. */
import { createHash } from "node:crypto";

const manifestType = "application/vnd.oci.image.manifest.v1+json";

export interface Blob {
  readonly mediaType: string;
  readonly content: Buffer;
  readonly digest: string;
}

export interface Artifact {
  readonly config: Blob;
  readonly layers: readonly Blob[];
}

export function blob(mediaType: string, content: Buffer | string | object): Blob {
  const bytes =
    Buffer.isBuffer(content) || typeof content === "string"
      ? Buffer.from(content)
      : Buffer.from(JSON.stringify(content));
  return { mediaType, content: bytes, digest: digestOf(bytes) };
}

export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface PushOptions {
  /** A repository that has the same blobs can lend them, which spares the upload. */
  readonly lender?: string | undefined;
  readonly login?: Login | undefined;
}

/** Pushes an artifact unless the tag is exactly this one already. True if it pushed. */
export async function push(
  registry: string,
  repository: string,
  tag: string,
  artifact: Artifact,
  { lender, login }: PushOptions = {},
): Promise<boolean> {
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: describe(artifact.config),
      layers: artifact.layers.map(describe),
    }),
  );
  const url = `http://${registry}/v2/${repository}`;
  if ((await publishedDigest(registry, repository, tag, login)) === digestOf(manifest)) return false;
  await Promise.all(
    [artifact.config, ...artifact.layers].map((part) => pushBlob(url, part, { lender, login })),
  );
  await call("PUT", `${url}/manifests/${tag}`, { body: manifest, type: manifestType, login });
  return true;
}

/** The digest that a tag has in the registry, undefined when it is not there. */
export async function publishedDigest(
  registry: string,
  repository: string,
  tag: string,
  login?: Login,
): Promise<string | undefined> {
  const answer = await call("HEAD", `http://${registry}/v2/${repository}/manifests/${tag}`, {
    mayMiss: true,
    login,
  });
  return answer.status === 404 ? undefined : (answer.headers.get("docker-content-digest") ?? undefined);
}

async function pushBlob(url: string, part: Blob, { lender, login }: PushOptions): Promise<void> {
  const blobs = `${url}/blobs`;
  // Borrowing a blob that is there would write its link anew, under whoever reads it.
  const there = await call("HEAD", `${blobs}/${part.digest}`, { mayMiss: true, login });
  if (there.status !== 404) return;
  const mount = lender === undefined ? "" : `?mount=${part.digest}&from=${encodeURIComponent(lender)}`;
  const begun = await call("POST", `${blobs}/uploads/${mount}`, { login });
  if (begun.status === 201) return;
  const location = new URL(begun.headers.get("location") ?? "", url);
  location.searchParams.set("digest", part.digest);
  await call("PUT", location.href, { body: part.content, type: "application/octet-stream", login });
}

interface Call {
  readonly body?: Buffer;
  readonly type?: string;
  readonly mayMiss?: boolean;
  readonly login?: Login | undefined;
}

async function call(method: string, url: string, options: Call = {}): Promise<Response> {
  const { body, type, mayMiss, login } = options;
  const answer = await fetch(url, {
    method,
    headers: {
      accept: manifestType,
      ...(type === undefined ? {} : { "content-type": type }),
      ...(login === undefined ? {} : { authorization: basic(login) }),
    },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });
  // Reading it to the end frees the connection for the next call.
  const text = await answer.text();
  if (!answer.ok && !(mayMiss && answer.status === 404)) {
    throw new Error(`the registry answered ${answer.status} to ${method} ${url}: ${text.trim()}`);
  }
  return answer;
}

function basic({ username, password }: Login): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function describe({ mediaType, digest, content }: Blob): object {
  return { mediaType, digest, size: content.length };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
