import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { chartFiles } from "../../../sandbox/bsr/chart";
import { imageNames, publishAll, publishRelease, tableReleases } from "../../../sandbox/bsr/publish";
import { publishedDigest } from "../../../sandbox/bsr/registry";
import { sandboxEnv } from "../../../sandbox/env";
import { exec, tryExec } from "../../../sandbox/exec";

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly { readonly name: string; readonly image: string }[];
        volumes: unknown;
      };
    };
  };
}

const values = {
  host: "bsr.example.com",
  license: { key: "k" },
  postgres: { host: "postgres", database: "bsr", user: "bsr" },
  clientTLSSecrets: { "own-ca": "ca.crt" },
};

describe("the stand-in BSR: its releases", function () {
  this.timeout(120_000);
  let env: NodeJS.ProcessEnv;
  let registry: string;
  before(() => {
    env = sandboxEnv();
    registry = env["BSR_SANDBOX_REGISTRY"] ?? "";
  });

  async function render(
    version: string,
    chart = env["BSR_SANDBOX_CHART"] ?? "",
    more: object = {},
  ): Promise<Manifest[]> {
    const args = ["template", "bsr", chart, "--version", version, "--values", "-"];
    const text = await exec("helm", args, { env, input: JSON.stringify({ ...values, ...more }) });
    return parseAllDocuments(text)
      .map((document) => document.toJS() as Manifest | null)
      .filter((manifest) => manifest !== null);
  }

  const containers = (manifests: readonly Manifest[], name: string) =>
    manifests.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === name)?.spec.template
      .spec;

  it("every release of the table has a chart that renders, and the images that it names", async () => {
    const waiting = [...tableReleases()];
    assert.equal(waiting.length, 43);
    const check = async (): Promise<void> => {
      for (let release = waiting.shift(); release !== undefined; release = waiting.shift()) {
        const { version } = release;
        const manifests = await render(version);
        const bufd = containers(manifests, "bufd");
        assert.equal(bufd?.containers[0]?.image, `${registry}/bsr/bufd:${version}`);
        for (const name of imageNames)
          assert.ok(await publishedDigest(registry, `bsr/${name}`, version), `${name} ${version}`);
      }
    };
    await Promise.all([check(), check(), check()]);
  });

  it("publishing all of them again changes nothing", async () => {
    assert.deepEqual(
      (await publishAll(registry)).filter(({ changed }) => changed),
      [],
    );
  });

  it("charts differ as the real ones do: clientTLSSecrets from 1.15.2 on, buftoolsd from 1.23.0 on", async () => {
    const [before, after, newest] = await Promise.all([render("1.15.1"), render("1.15.2"), render("1.23.0")]);
    const certificate = /"secretName":"own-ca"/;
    assert.doesNotMatch(JSON.stringify(containers(before, "bufd")), certificate);
    assert.match(JSON.stringify(containers(after, "bufd")), certificate);
    const names = (manifests: Manifest[]) =>
      containers(manifests, "bufd")?.containers.map(({ name }) => name);
    assert.deepEqual(names(after), ["bufd"]);
    assert.deepEqual(names(newest), ["bufd", "buftoolsd"]);
  });

  it("a chart does not render without a host, and says so", async () => {
    const args = ["template", "bsr", env["BSR_SANDBOX_CHART"] ?? "", "--version", "1.9.1"];
    const { status, stderr } = await tryExec("helm", args, { env });
    assert.equal(status, 1);
    assert.match(stderr, /host is required: the host name that this BSR is served under/);
  });

  it("a release that the table does not have, with a forgotten image and another chart, goes to a path of its own", async () => {
    const published = await publishRelease({
      version: "1.24.0",
      databaseVersion: 365,
      registry,
      prefix: "releases-test",
      omitImages: ["bufd"],
      editChart: (files) => {
        files.set(
          "templates/others.yaml",
          (files.get("templates/others.yaml") ?? "").replaceAll("frontend", "webapp"),
        );
      },
    });
    assert.equal(published.chart, `oci://${registry}/releases-test/charts/bsr`);
    const manifests = await render("1.24.0", published.chart);
    assert.ok(containers(manifests, "webapp"));
    assert.equal(
      containers(manifests, "bufd")?.containers[0]?.image,
      `${registry}/releases-test/bsr/bufd:1.24.0`,
    );
    assert.equal(await publishedDigest(registry, "releases-test/bsr/bufd", "1.24.0"), undefined);
    assert.ok(await publishedDigest(registry, "releases-test/bsr/check", "1.24.0"));
    assert.equal(await publishedDigest(registry, "charts/bsr", "1.24.0"), undefined);
  });

  it("a chart can be given files of a test's own: a schema for its values, a value that is required", async () => {
    const schema = {
      type: "object",
      properties: { redis: { type: "object", additionalProperties: false, properties: { auth: {} } } },
    };
    const { chart, version } = await publishRelease({
      version: "1.24.1",
      databaseVersion: 365,
      registry,
      prefix: "releases-test",
      editChart: (files) => {
        files.set("values.schema.json", JSON.stringify(schema));
        files.set("templates/required.yaml", '{{ $_ := required "region is required" .Values.region }}');
      },
    });
    assert.ok((await render(version, chart, { region: "here", redis: { auth: "none" } })).length > 0);
    await assert.rejects(render(version, chart), /region is required/);
    await assert.rejects(
      render(version, chart, { region: "here", redis: { oauth: "none" } }),
      /redis[^]*additional properties 'oauth' not allowed/i,
    );
  });

  it("a chart names the registry in one documented default", () => {
    assert.match(
      chartFiles("1.0.0", "mirror.example.com").get("values.yaml") ?? "",
      /^ {2}registry: "mirror\.example\.com"$/m,
    );
  });
});
