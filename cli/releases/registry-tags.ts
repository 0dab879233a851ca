import { z } from "zod";
import { Unreadable } from "../unreadable";
import { originOf, type Repository } from "./chart-address";
import { bearerToken, isBearer } from "./bearer-token";
import { basic, type Login } from "./registry-login";

const timeLimitMilliseconds = 30_000;

const pageSchema = z.object({ tags: z.array(z.string()).nullish() });

/** Reads every tag of a repository through the OCI distribution API, page after page. */
export async function readTags(repository: Repository, login: Login | null): Promise<string[]> {
  const origin = originOf(repository);
  const tags: string[] = [];
  const seen = new Set<string>();
  let authorization: string | undefined;
  let page: URL | undefined = new URL(`/v2/${repository.path}/tags/list`, origin);
  while (page !== undefined) {
    seen.add(page.href);
    let answer = await get(page, authorization);
    const challenge = answer.headers.get("www-authenticate");
    if (answer.status === 401 && challenge !== null) {
      await answer.body?.cancel();
      authorization = await authorize(repository, challenge, login);
      answer = await get(page, authorization);
    }
    if (!answer.ok) throw await refused(repository, answer, login);
    tags.push(...(await tagsOf(repository, answer)));
    page = nextPage(page, answer.headers.get("link"));
    if (page !== undefined && (page.origin !== origin || seen.has(page.href))) {
      throw noRegistry(
        repository,
        "its list of tags continues in another place, or where it has already been",
      );
    }
  }
  return tags;
}

async function authorize(
  repository: Repository,
  challenge: string,
  login: Login | null,
): Promise<string | undefined> {
  if (!isBearer(challenge)) return login === null ? undefined : basic(login);
  const answer = await bearerToken(repository, challenge, login, (url, authorization, body) =>
    get(url, authorization, body),
  );
  if (typeof answer === "string") return `Bearer ${answer}`;
  throw await refused(repository, answer, login);
}

async function get(url: URL, authorization?: string, body?: URLSearchParams): Promise<Response> {
  try {
    return await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers: { accept: "application/json", ...(authorization === undefined ? {} : { authorization }) },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(timeLimitMilliseconds),
    });
  } catch (error) {
    throw new Unreadable(
      "the chart's repository could not be read",
      `no answer from ${url.origin}: ${reasonOf(error)}`,
      "a registry that answers",
      "check the address given with --chart, the network, and NODE_USE_ENV_PROXY=1 or NODE_EXTRA_CA_CERTS if a proxy or a private certificate authority is in between",
    );
  }
}

/** Returns why a request failed: fetch says only "fetch failed", and its cause says what. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `nothing within ${timeLimitMilliseconds / 1000} s`;
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}

async function tagsOf(repository: Repository, answer: Response): Promise<string[]> {
  const parsed = pageSchema.safeParse(await answer.json().catch(() => undefined));
  if (!parsed.success) throw noRegistry(repository, "not with a list of tags");
  return parsed.data.tags ?? [];
}

/** Returns the address of the next page from a Link header with the relation `next`. */
function nextPage(page: URL, link: string | null): URL | undefined {
  const next = /<([^>]*)>\s*;[^,]*\brel="?next\b/.exec(link ?? "")?.[1];
  return next === undefined ? undefined : new URL(next, page);
}

function noRegistry({ registry }: Repository, found: string): Unreadable {
  return new Unreadable(
    "the chart's repository could not be read",
    `${registry} answers, but ${found}`,
    "a registry with the OCI distribution API",
    "check the address given with --chart",
  );
}

async function refused(repository: Repository, answer: Response, login: Login | null): Promise<Unreadable> {
  const { registry, path } = repository;
  const said = await messageOf(answer);
  const what = "the chart's repository could not be read";
  if (answer.status === 401 || answer.status === 403) {
    return login === null
      ? new Unreadable(
          what,
          `${registry} wants a login (${said}), and none is kept for it in Helm's or Docker's files`,
          "a login that may read the repository",
          `run helm registry login ${registry}, or give --username and --password-stdin`,
        )
      : new Unreadable(
          what,
          `${registry} refused the login ${login.name} of ${login.source} (${said})`,
          "a login that may read the repository",
          `run helm registry login ${registry} again, or give --username and --password-stdin`,
        );
  }
  if (answer.status === 404) {
    return new Unreadable(
      what,
      `${registry} has no repository ${path} (${said})`,
      "a repository that has the chart",
      "check the address given with --chart: it names the chart itself, with no version",
    );
  }
  return new Unreadable(
    what,
    `${registry} answered ${said}`,
    "a list of the repository's tags",
    "try again later, or ask whoever runs the registry",
  );
}

const errorsSchema = z.object({
  errors: z.array(z.object({ code: z.string(), message: z.string().nullish() })),
});

/** Returns the status of an answer, with the registry's message if it has one. */
async function messageOf(answer: Response): Promise<string> {
  const parsed = errorsSchema.safeParse(await answer.json().catch(() => undefined));
  const words = parsed.success ? parsed.data.errors.map(({ code, message }) => message || code) : [];
  return [`HTTP ${answer.status}`, ...words].join(": ");
}
