import assert from "node:assert/strict";
import { isEnd } from "../../components/migrations/steps/attempt";
import { deploy } from "../../components/migrations/steps/deploy";
import { foreignSince } from "../../components/migrations/steps/foreign";
import { migrateDown } from "../../components/migrations/steps/migrate-down";
import { verify } from "../../components/migrations/steps/verify";
import {
  ApiServer,
  goodRecord,
  goodWorld,
  helmSecret,
  manifestOf,
  payload,
  stored,
} from "../bad-input/api-server";
import { fakeHelm } from "../component/fake-helm";
import { Instance } from "../component/instance";
import { contextAt } from "./step-context";

const expected = {
  ...{ version: "1.13.0", schemaVersion: null, statusPage: false, keepsSchema: false, maintenance: false },
  ...{ acceptUnhealthy: [], timeoutSeconds: 5 },
};

const revision = (version: string, number: number, description: string) => {
  const info = { status: "deployed", description, last_deployed: `2026-01-01T0${number}:00:00Z` };
  return helmSecret(stored(JSON.stringify({ ...payload(version, number), info })), number);
};

describe("what somebody deploys while a transition works", () => {
  const server = new ApiServer();
  before(() => server.start());
  after(() => server.stop());

  /** A cluster with one verified revision, where somebody deploys once helm is run with a command; and then puts it back. */
  function deploysDuring(command: string, output: string): { kubeconfig: string; putBack: () => void } {
    const byHand = revision("1.15.2", 2, "Upgrade complete");
    server.world = {
      ...goodWorld,
      raw: {
        "/meanwhile": (response) => {
          server.world = { ...goodWorld, secrets: [...goodWorld.secrets, byHand] };
          response.end("");
        },
      },
    };
    const kubeconfig = server.kubeconfig("token");
    const { clusters } = JSON.parse(kubeconfig) as { clusters: { cluster: { server: string } }[] };
    const ask = `'${process.execPath}' -e 'fetch("${clusters[0]?.cluster.server}/meanwhile")'`;
    return {
      kubeconfig,
      putBack: fakeHelm(`case "$1" in ${command}) ${ask}; ${output};; upgrade) exit 1;; esac`),
    };
  }

  const changed =
    /was changed while the transition ran: found 1\.15\.2 at revision 2, which no transition deployed/;

  it("is found before a hop deploys, also where it came while the chart was pulled", async () => {
    const { kubeconfig, putBack } = deploysDuring("pull", ":");
    try {
      const step = { ...expected, plannedAtRevision: 1, after: null, values: {}, digest: null, down: null };
      await assert.rejects(deploy(contextAt(kubeconfig).context, { kind: "deploy", ...step }), changed);
    } finally {
      putBack();
    }
  });

  it("is found before the database is migrated down", async () => {
    const manifest = `cat > /dev/null; echo '${manifestOf("bufd").replaceAll('"', "")}'; exit`;
    const { kubeconfig, putBack } = deploysDuring("template", manifest);
    const choice = { workload: null, container: "bufd", command: null, initContainers: [], sidecars: [] };
    const down = {
      ...{
        binary: "1.13.0",
        schemaVersion: 299,
        ownSchemaVersion: null,
        values: {},
        digest: null,
        reader: null,
      },
      choice: { ...choice, timeoutSeconds: 5 },
    };
    try {
      const step = { ...expected, version: "1.12.1", isHop: false, down };
      await assert.rejects(
        migrateDown(contextAt(kubeconfig).context, { kind: "migrateDown", ...step }),
        changed,
      );
    } finally {
      putBack();
    }
  });

  it("is not taken for a part of the way where the Release has deployed over it", async () => {
    const attempt = {
      ...{ version: "1.13.0", revision: 2, transition: 2, at: "2026-01-01T00:00:00Z" },
      ...{ stack: "bsr/test", schemaBefore: null, open: true },
    };
    server.world = {
      ...goodWorld,
      record: JSON.stringify({ ...goodRecord, transition: 2, attempts: [attempt] }),
      secrets: [
        ...goodWorld.secrets,
        revision("1.15.2", 2, "Upgrade complete"),
        revision("1.13.0", 3, "transition 2: deploy 1.13.0"),
      ],
    };
    const { context } = contextAt(server.kubeconfig("token"));
    await assert.rejects(
      verify(context, { kind: "verify", ...expected }),
      /1\.13\.0 was deployed but not verified: somebody deployed 1\.15\.2 as revision 2 \(2026-01-01T02:00:00Z: Upgrade complete\) after .*\n.*\n.*run pulumi preview: it names the choices/,
    );
  });
});

describe("revisions since a transition's newest attempt", () => {
  const since = (instance: Instance) => {
    const { history, record } = instance.observed();
    return foreignSince(history, record, record?.transition ?? 0)?.revision;
  };

  for (const [what, story, revision] of [
    ["its own", new Instance().deploys("1.4.0").failsToVerify("1.5.1"), undefined],
    ["one that Helm gave up", new Instance().deploys("1.4.0").failsInHelm("1.5.1"), undefined],
    [
      "one of the Release with other values",
      new Instance().deploys("1.4.0").changesValues({ verified: false }),
      undefined,
    ],
    ["somebody's, of another version", new Instance().deploys("1.4.0").isUpgradedByHand("1.6.0"), 2],
    ["somebody's, with other values", new Instance().deploys("1.4.0").isChangedByHand({}), 2],
    ["somebody's in its place", new Instance().deploys("1.4.0").begins("1.5.1").isUpgradedByHand("1.6.0"), 2],
    [
      "somebody's in its place, of the same version",
      new Instance().deploys("1.4.0").begins("1.5.1").isUpgradedByHand("1.5.1"),
      2,
    ],
  ] as [string, Instance, number | undefined][]) {
    it(`${revision === undefined ? "are not" : "are"} foreign where one is ${what}`, () => {
      assert.equal(since(story), revision);
    });
  }
});

describe("a transition", () => {
  const { live, record } = new Instance().deploys("1.4.0").observed();
  const isOver = (kind: "gate" | "deploy", version: string) =>
    isEnd({ transition: 1 }, { kind, version }, { live, record });

  it("is over where what it leads to was verified, and is live", () => {
    assert.equal(isOver("gate", "1.4.0"), true);
    assert.equal(isOver("deploy", "1.3.1"), true);
  });

  it("is not over where another one of its number, planned from a copy of the state, was", () => {
    assert.equal(isOver("gate", "1.6.0"), false);
  });

  it("is not over where somebody has deployed since", () => {
    const { live, record } = new Instance().deploys("1.4.0").isChangedByHand({}).observed();
    assert.equal(isEnd({ transition: 1 }, { kind: "gate", version: "1.4.0" }, { live, record }), false);
  });
});
