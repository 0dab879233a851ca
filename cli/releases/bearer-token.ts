import { z } from "zod";
import { Unreadable } from "../unreadable";
import { originOf, type Repository } from "./chart-address";
import { basic, type Login } from "./registry-login";

const tokenSchema = z
  .object({ token: z.string().optional(), access_token: z.string().optional() })
  .transform(({ token, access_token }) => token ?? access_token);

/** Sends a request for a token; with a body it is a POST. */
type Ask = (url: URL, authorization?: string, body?: URLSearchParams) => Promise<Response>;

/** Whether a registry's challenge asks for a token; if not, name and password are enough. */
export function isBearer(challenge: string): boolean {
  return /\bBearer\s/i.test(challenge);
}

/**
 * Gets the token with which a repository may be read, from the service that the registry's challenge names. If that
 * service refuses, returns its answer. Without a login it asks for an anonymous token.
 */
export async function bearerToken(
  repository: Repository,
  challenge: string,
  login: Login | null,
  ask: Ask,
): Promise<string | Response> {
  const { realm, service, scope = `repository:${repository.path}:pull` } = parametersOf(challenge);
  const url = realmOf(repository, realm);
  const parameters = { ...(service === undefined ? {} : { service }), scope };
  const answer =
    login?.kind === "identity-token"
      ? await ask(
          url,
          undefined,
          new URLSearchParams({
            ...parameters,
            grant_type: "refresh_token",
            client_id: "pulumi-bsr",
            refresh_token: login.token,
          }),
        )
      : await ask(withParameters(url, parameters), login === null ? undefined : basic(login));
  if (!answer.ok) return answer;
  const parsed = tokenSchema.safeParse(await answer.json().catch(() => undefined));
  if (parsed.success && parsed.data !== undefined) return parsed.data;
  throw unusable(repository, `${url.origin}, which it names for tokens, gives none`);
}

/** Parses the parameters of the Bearer part; the first of each name counts. */
function parametersOf(challenge: string): Partial<Record<"realm" | "service" | "scope", string>> {
  const bearer = challenge.slice(challenge.search(/\bBearer\s/i));
  const pairs = [...bearer.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1]?.toLowerCase(), match[2]]);
  return Object.fromEntries(pairs.reverse()) as ReturnType<typeof parametersOf>;
}

/** Checks the address of the named service. A login goes there, so nobody on the way may be able to read it. */
function realmOf(repository: Repository, realm: string | undefined): URL {
  const url = URL.parse(realm ?? "");
  const safe = url?.protocol === "https:" || originOf(repository).startsWith("http:");
  if (url !== null && safe) return url;
  throw unusable(repository, `it sends for a token to ${JSON.stringify(realm ?? "nowhere")}`);
}

function withParameters(url: URL, parameters: Readonly<Record<string, string>>): URL {
  const asked = new URL(url);
  for (const [name, value] of Object.entries(parameters)) asked.searchParams.set(name, value);
  return asked;
}

function unusable({ registry }: Repository, found: string): Unreadable {
  return new Unreadable(
    "the chart's repository could not be read",
    `${registry} wants a token, and ${found}`,
    "a service that gives tokens over https",
    "ask whoever runs the registry",
  );
}
