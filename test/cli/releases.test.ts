import assert from "node:assert/strict";
import { parse } from "yaml";
import { EXIT_OK, EXIT_UNREADABLE, EXIT_USAGE } from "../../cli/exit-status";
import { builtInFacts, withAdditions, type ReleaseAddition } from "../../components/migrations/facts";
import { run } from "./run";
import { startRegistry, user, type Registry, type RegistryOptions } from "./registry";

const table = builtInFacts.releases.map(({ version }) => version);

describe("bsr releases", () => {
  it("lists every known release with its date, schema version, minimum CLI version and notes", async () => {
    const { status, stdout, stderr } = await run(["releases"]);
    assert.equal(status, EXIT_OK);
    assert.equal(stderr, "");
    const lines = stdout.trimEnd().split("\n");
    assert.match(lines[0] ?? "", /^version +released +schema version +minimum CLI +notes$/);
    assert.deepEqual(
      lines.slice(1).flatMap((line) => /^\d\S+/.exec(line)?.[0] ?? []),
      table,
    );
    assert.match(stdout, /^1\.0\.0 +2023-06-30 +unknown +none given +No database version is published/m);
    assert.match(stdout, /^1\.11\.0 +2024-08-27 +298 +1\.24\.0 +First release with the status page/m);
    assert.doesNotMatch(stdout, / $/m);
  });

  it("gives a program the records of the table as they are", async () => {
    const { status, stdout } = await run(["releases", "--json"]);
    assert.equal(status, EXIT_OK);
    assert.deepEqual(JSON.parse(stdout), { releases: builtInFacts.releases });
  });

  it("names every key of a record in --help", async () => {
    const { stdout } = await run(["releases", "--help"]);
    const keys = new Set(builtInFacts.releases.flatMap((release) => Object.keys(release)));
    assert.deepEqual(
      [...keys].filter((key) => !stdout.includes(`"${key}":`)),
      [],
    );
  });

  const wrong: [string, string[]][] = [
    ["--chart without --check", ["--chart", "oci://registry.example.com/charts/bsr"]],
    ["a login without --check", ["--username", "reader", "--password-stdin"]],
    ["a name without a password", ["--check", "--username", "reader"]],
    ["a password without a name", ["--check", "--password-stdin"]],
    ["an unknown option", ["--password", "secret"]],
  ];
  for (const [name, args] of wrong) {
    it(`exits with 2 and writes nothing to standard output: ${name}`, async () => {
      const { status, stdout, stderr } = await run(["releases", ...args]);
      assert.equal(status, EXIT_USAGE);
      assert.equal(stdout, "");
      assert.match(stderr, /^error: .+\nRun bsr releases --help for the options and examples\.\n$/);
    });
  }
});

describe("bsr releases --check", () => {
  let registry: Registry | undefined;
  const before = { ...process.env };

  beforeEach(() => {
    // No login of whoever runs the tests.
    process.env["HELM_REGISTRY_CONFIG"] = "/nonexistent/config.json";
    process.env["DOCKER_CONFIG"] = "/nonexistent";
  });

  afterEach(async () => {
    process.env = { ...before };
    await registry?.close();
    registry = undefined;
  });

  async function check(options: RegistryOptions, ...args: string[]) {
    registry = await startRegistry(options);
    return run(["releases", "--check", "--chart", registry.chart, ...args], `${user.password}\n`);
  }

  it("says that nothing is lacking", async () => {
    const { status, stdout, stderr } = await check({ tags: table });
    assert.deepEqual([status, stderr], [EXIT_OK, ""]);
    assert.equal(stdout, `The table has every release of ${registry?.chart}.\n`);
  });

  it("prints what the table lacks as records that the configuration key releases takes as they are", async () => {
    const { status, stdout } = await check({ tags: ["1.100.0", ...table, "1.24.0"] });
    assert.equal(status, EXIT_OK);
    assert.match(stdout, /has 2 releases that the table lacks/);
    assert.match(stdout, /databaseVersion/);
    const pasted = stdout.split("\n").filter((line) => line.startsWith("  "));
    const { config } = parse(["config:", ...pasted].join("\n")) as {
      config: { "bsr:releases": ReleaseAddition[] };
    };
    assert.deepEqual(config["bsr:releases"], [{ version: "1.24.0" }, { version: "1.100.0" }]);
    assert.equal(withAdditions(builtInFacts, config["bsr:releases"]).releases.at(-1)?.version, "1.100.0");
  });

  it("tells which releases a mirror lacks", async () => {
    const { stdout } = await check({ tags: table.filter((version) => !/^1\.8\.[01]$/.test(version)) });
    assert.match(stdout, /lacks 2 releases of the table, .+: 1\.8\.0, 1\.8\.1\n$/);
  });

  it("names the tags that are no exact version, and counts them neither way", async () => {
    const odd = ["latest", "v1.5.0", "1.24.0-rc.1", "1.24", "sha256-0f.sig"];
    const { stdout } = await check({ tags: [...odd, ...table] });
    assert.match(stdout, /^The table has every release/);
    assert.match(stdout, /: 5 tags \(1\.24, 1\.24\.0-rc\.1, latest, sha256-0f\.sig, v1\.5\.0\)\n$/);
  });

  it("gives a program the three lists", async () => {
    const { stdout } = await check({ tags: ["latest", "1.24.0", ...table.slice(1)] }, "--json");
    assert.deepEqual(JSON.parse(stdout), {
      chart: registry?.chart,
      missing: ["1.24.0"],
      absent: ["1.0.0"],
      ignored: ["latest"],
    });
  });

  it("takes a repository with no tag for an empty one", async () => {
    const { stdout } = await check({ tags: null }, "--json");
    assert.deepEqual((JSON.parse(stdout) as { absent: string[] }).absent, table);
  });

  it("reads the list page after page", async () => {
    const { stdout } = await check({ tags: [...table, "1.24.0"], pageSize: 10 }, "--json");
    assert.deepEqual((JSON.parse(stdout) as { missing: string[] }).missing, ["1.24.0"]);
    assert.equal(registry?.requests.length, Math.ceil((table.length + 1) / 10));
  });

  for (const auth of ["basic", "token"] as const) {
    it(`logs in with name and password where the registry wants ${auth}, on every page`, async () => {
      const login = ["--username", user.name, "--password-stdin"];
      const { status, stdout, stderr } = await check({ tags: table, pageSize: 20, auth }, ...login);
      assert.deepEqual([status, stderr], [EXIT_OK, ""]);
      assert.match(stdout, /^The table has every release/);
      assert.equal(
        registry?.requests.filter((request) => request.startsWith("GET /token")).length,
        auth === "token" ? 1 : 0,
      );
    });

    it(`says who was refused, and never the password, where the registry wants ${auth}`, async () => {
      registry = await startRegistry({ auth });
      const args = [
        "releases",
        "--check",
        "--chart",
        registry.chart,
        "--username",
        "reader",
        "--password-stdin",
      ];
      const { status, stdout, stderr } = await run(args, "a-wrong-password");
      assert.deepEqual([status, stdout], [EXIT_UNREADABLE, ""]);
      assert.match(
        stderr,
        /^error: the chart's repository could not be read\n {2}found: {2}127\.0\.0\.1:\d+ refused the login reader of --username \(HTTP 401: /,
      );
      assert.match(stderr, /\n {2}remedy: run helm registry login 127\.0\.0\.1:\d+ again/);
      assert.doesNotMatch(stderr, /a-wrong-password/);
    });

    it(`says that a login is wanted where none is kept and the registry wants ${auth}`, async () => {
      const { status, stdout, stderr } = await check({ auth });
      assert.deepEqual([status, stdout], [EXIT_UNREADABLE, ""]);
      assert.match(stderr, /wants a login \(HTTP 401: .+\), and none is kept for it/);
      assert.match(stderr, /remedy: run helm registry login/);
    });
  }

  it("says that the registry has no such repository", async () => {
    registry = await startRegistry();
    const { status, stderr } = await run([
      "releases",
      "--check",
      "--chart",
      `oci://${registry.host}/other/bsr`,
    ]);
    assert.equal(status, EXIT_UNREADABLE);
    assert.match(
      stderr,
      /found: {2}127\.0\.0\.1:\d+ has no repository other\/bsr \(HTTP 404: NAME_UNKNOWN\)/,
    );
  });

  it("says that nobody answers", async () => {
    registry = await startRegistry();
    const { chart } = registry;
    await registry.close();
    const { status, stdout, stderr } = await run(["releases", "--check", "--chart", chart]);
    assert.deepEqual([status, stdout], [EXIT_UNREADABLE, ""]);
    assert.match(stderr, /found: {2}no answer from http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  });

  it("says what a registry answers that cannot answer now", async () => {
    const { status, stderr } = await check({
      answers: (response) => void response.writeHead(503).end("later"),
    });
    assert.equal(status, EXIT_UNREADABLE);
    assert.match(stderr, /found: {2}127\.0\.0\.1:\d+ answered HTTP 503\n/);
  });

  it("says that what answers is no registry", async () => {
    const { status, stderr } = await check({
      answers: (response) => void response.end("<html>hello</html>"),
    });
    assert.equal(status, EXIT_UNREADABLE);
    assert.match(stderr, /answers, but not with a list of tags/);
  });

  const links: [string, string][] = [
    [
      "to another host, which would get the login",
      '<http://127.0.0.1:9/v2/mirror/charts/bsr/tags/list>; rel="next"',
    ],
    ["to the page it came from", '</v2/mirror/charts/bsr/tags/list>; rel="next"'],
  ];
  for (const [where, link] of links) {
    it(`follows no list that goes on ${where}`, async () => {
      const { status, stderr } = await check({ tags: table, pageSize: 1, link });
      assert.equal(status, EXIT_UNREADABLE);
      assert.match(stderr, /continues in another place, or where it has already been/);
      assert.equal(registry?.requests.length, 1);
    });
  }

  const addresses = [
    "registry.example.com/charts/bsr",
    "oci://registry.example.com",
    "oci://r.example.com/bsr:1.5.0",
    "https://r.example.com/bsr",
    "oci://me:pass@r.example.com/bsr",
  ];
  for (const chart of addresses) {
    it(`reads no ${chart}`, async () => {
      const { status, stderr } = await run(["releases", "--check", "--chart", chart]);
      assert.equal(status, EXIT_UNREADABLE);
      assert.match(stderr, /wanted: the address of a chart in an OCI registry/);
    });
  }
});
