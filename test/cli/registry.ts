import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

type Auth = "none" | "basic" | "token";

/** Name and password of the one who may read; `refresh` is the identity token of the same one. */
export const user = { name: "reader", password: "pass:word", refresh: "an-identity-token" };

/** A registry at the HTTP edge: one repository whose tags it lists page by page. */
export interface Registry {
  readonly host: string;
  readonly chart: string;
  /** Requests that came, as method and path. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export interface RegistryOptions {
  readonly tags?: readonly string[] | null;
  readonly auth?: Auth;
  readonly pageSize?: number;
  /** Answers in place of the list. */
  readonly answers?: (response: ServerResponse) => void;
  /** In place of `Link` to the next page. */
  readonly link?: string;
}

const path = "/v2/mirror/charts/bsr/tags/list";

export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    void answer(request, response, options, host());
  });
  const host = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: host(),
    chart: `oci://${host()}/mirror/charts/bsr`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: RegistryOptions,
  host: string,
): Promise<void> {
  const url = new URL(request.url ?? "", `http://${host}`);
  if (url.pathname === "/token") return token(request, response, url);
  const { auth = "none" } = options;
  if (!isAllowed(request, auth)) {
    const challenge =
      auth === "basic"
        ? 'Basic realm="charts"'
        : `Bearer realm="http://${host}/token",service="charts, of Buf",scope="repository:mirror/charts/bsr:pull"`;
    response.setHeader("www-authenticate", challenge);
    return send(response, 401, { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] });
  }
  if (options.answers !== undefined) return options.answers(response);
  if (url.pathname !== path) return send(response, 404, { errors: [{ code: "NAME_UNKNOWN" }] });
  page(response, options, url);
}

function page(
  response: ServerResponse,
  { tags = [], pageSize = 100, link }: RegistryOptions,
  url: URL,
): void {
  const all = tags ?? [];
  const last = url.searchParams.get("last");
  const start = last === null ? 0 : all.indexOf(last) + 1;
  const some = all.slice(start, start + pageSize);
  const more = start + pageSize < all.length;
  if (more) response.setHeader("link", link ?? `<${path}?last=${some.at(-1)}&n=${pageSize}>; rel="next"`);
  send(response, 200, { name: "mirror/charts/bsr", tags: tags === null ? null : some });
}

function isAllowed({ headers }: IncomingMessage, auth: Auth): boolean {
  if (auth === "none") return true;
  return headers.authorization === (auth === "basic" ? basicOf(user) : "Bearer a-token");
}

function basicOf({ name, password }: { readonly name: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
}

async function token(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const form = new URLSearchParams(await text(request));
  const asked = request.method === "POST" ? form : url.searchParams;
  const known =
    request.method === "POST"
      ? form.get("grant_type") === "refresh_token" && form.get("refresh_token") === user.refresh
      : request.headers.authorization === basicOf(user);
  const wanted =
    asked.get("service") === "charts, of Buf" && asked.get("scope") === "repository:mirror/charts/bsr:pull";
  if (!known) return send(response, 401, { errors: [{ code: "UNAUTHORIZED", message: "wrong password" }] });
  send(response, wanted ? 200 : 400, { access_token: "a-token" });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
