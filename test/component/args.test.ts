import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError, defaultChart, type BsrReleaseArgs } from "../../components/bsr-release/args";
import { prepare } from "../../components/bsr-release/check-arguments";

const needed = { version: "1.5.1", host: "bsr.example.com" };

/** The problems of arguments that a compiler would not let pass, as a configuration can have them. */
function problemsOf(args: Record<string, unknown>): readonly string[] {
  try {
    checkArgs(args as unknown as BsrReleaseArgs);
  } catch (error) {
    if (error instanceof ArgumentError) return error.problems;
    throw error;
  }
  throw new Error("Expected problems, and the arguments can be used");
}

const checkArgs = (args: BsrReleaseArgs) => prepare(args).args;

describe("the arguments", () => {
  it("need only a version and a host: all else has a default", () => {
    assert.deepEqual(checkArgs(needed), {
      ...needed,
      namespace: "bsr",
      releaseName: "bsr",
      chart: defaultChart,
      strategy: "sequential",
      allowDowntime: false,
      valuesFor: [],
      releases: [],
      dataMigrations: { completed: [], intervalSeconds: 10, timeoutSeconds: 3600 },
      acceptUnhealthy: [],
      migrateDown: { container: "bufd", initContainers: [], sidecars: [], timeoutSeconds: 3600 },
      deployTimeoutSeconds: 900,
    });
  });

  it("that are undefined count as absent", () => {
    const absent = { namespace: undefined, license: undefined, dataMigrations: undefined };
    assert.deepEqual(checkArgs({ ...needed, ...absent }), checkArgs(needed));
  });

  it("take values that are only known later", () => {
    const later = {
      ...needed,
      host: pulumi.output("bsr.example.com"),
      license: pulumi.secret("key"),
      kubeconfig: Promise.resolve("apiVersion: v1"),
      values: pulumi.output({ postgres: {} }),
      valuesFor: [{ versions: ">=1.15.2", values: pulumi.output({}) }],
    };
    assert.equal(checkArgs(later).host, later.host);
  });

  it("are refused with all problems at once", () => {
    assert.throws(
      () => checkArgs({ version: 5, namespace: "Bad_Name", colour: "blue" } as unknown as BsrReleaseArgs),
      {
        name: "ArgumentError",
        message: [
          "The arguments cannot be used:",
          "- version: must be a version as text, such as 1.5.1",
          "- host: must be given",
          "- namespace: must be lower case letters, digits and dashes (a DNS label)",
          "- colour: there is no such key",
        ].join("\n"),
      },
    );
  });

  it("are refused with an error that Pulumi prints without a stack", () => {
    assert.ok(pulumi.RunError.isInstance(new ArgumentError(["host: must be given"])));
  });

  const refused: { args: Record<string, unknown>; problems: readonly string[]; because: string }[] = [
    {
      args: { postgress: {}, licence: "x" },
      problems: [
        "postgress: there is no such key; did you mean postgres?",
        "licence: there is no such key; did you mean license?",
      ],
      because: "every unknown key is named",
    },
    {
      args: { dataMigrations: { done: ["1.7.0"] } },
      problems: ["dataMigrations.done: there is no such key"],
      because: "also inside a block",
    },
    {
      args: { valuesFor: [{ version: ">=1.15.2", values: {} }] },
      problems: [
        "valuesFor.0.versions: must be given",
        "valuesFor.0.version: there is no such key; did you mean versions?",
      ],
      because: "also inside a list",
    },
    { args: { host: 5 }, problems: ["host: must be text"], because: "a plain host is text" },
    { args: { host: null }, problems: ["host: must be given"], because: "null is no host" },
    {
      args: { license: { key: "x" } },
      problems: ["license: must be text"],
      because: "a license is the key itself",
    },
    {
      args: { kubeconfig: {} },
      problems: ["kubeconfig: must be text"],
      because: "a kubeconfig is text or a path",
    },
    { args: { values: "text" }, problems: ["values: must be a map"], because: "values are a map" },
    { args: { values: [] }, problems: ["values: must be a map"], because: "a list is no map" },
    { args: { values: null }, problems: ["values: must be given"], because: "null is no map" },
    {
      args: { valuesFor: {} },
      problems: ["valuesFor: must be a list"],
      because: "valuesFor is a list",
    },
    {
      args: { valuesFor: [null] },
      problems: ["valuesFor.0: must be given"],
      because: "every item of valuesFor has a range and values",
    },
    {
      args: { valuesFor: [{ versions: "newest", values: {} }] },
      problems: ["valuesFor.0.versions: must be a semver range such as >=1.15.2"],
      because: "a word is no range",
    },
    {
      args: { values: { maintenance: true } },
      problems: [
        "values.maintenance: belongs to the component, which turns maintenance on and off itself; remove it",
      ],
      because: "maintenance is the component's",
    },
    {
      args: {
        values: { maintenance: false },
        valuesFor: [
          { versions: "*", values: {} },
          { versions: "*", values: { maintenance: false } },
        ],
      },
      problems: [
        "values.maintenance: belongs to the component, which turns maintenance on and off itself; remove it",
        "valuesFor.1.values.maintenance: belongs to the component, which turns maintenance on and off itself; remove it",
      ],
      because: "also in valuesFor, and also when it is off",
    },
    {
      args: { strategy: "fast" },
      problems: ["strategy: must be sequential or maintenance"],
      because: "there are two strategies",
    },
    {
      args: { allowDowntime: "yes" },
      problems: ["allowDowntime: must be true or false"],
      because: "a word is no yes",
    },
    {
      args: { deployTimeoutSeconds: 0 },
      problems: ["deployTimeoutSeconds: must be more than 0 seconds"],
      because: "no deploy takes no time",
    },
    {
      args: { dataMigrations: { check: [] } },
      problems: ["dataMigrations.check: must name a program"],
      because: "a check names a program",
    },
    {
      args: { releases: [{ version: "v1.24.0" }] },
      problems: ["releases.0.version: must be an exact version such as 1.5.1"],
      because: "an addition is an exact version",
    },
    {
      args: { namespace: "a".repeat(54) },
      problems: ["namespace: must have at most 53 characters"],
      because: "Helm allows 53 characters",
    },
  ];
  for (const { args, problems, because } of refused) {
    it(`are refused as ${JSON.stringify(args)}: ${because}`, () => {
      assert.deepEqual(problemsOf({ ...needed, ...args }), problems);
    });
  }
});
