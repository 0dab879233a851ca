import { strict as assert } from "node:assert";
import type { V1Container } from "@kubernetes/client-node";
import { awaitRefusing } from "../../components/migrations/steps/maintenance";
import { Wait } from "../../components/migrations/steps/wait";
import { FakeCluster } from "./fake-cluster";
import { contextOn } from "./fake-context";
import { bufd, deployment, pod, replicaSet } from "./pods";

const apps = "apis/apps/v1/namespaces/bsr";

describe("maintenance", () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = new FakeCluster();
    await cluster.start();
    cluster.keep(`${apps}/deployments`, deployment());
    cluster.keep(`${apps}/replicasets`, replicaSet("new", "2"));
  });

  afterEach(() => cluster.stop());

  const runs = (...containers: V1Container[]) =>
    cluster.keep("api/v1/namespaces/bsr/pods", { ...pod("new-1", "new"), spec: { containers } });
  const port = (containerPort: number): V1Container => ({ name: "bufd", ports: [{ containerPort }] });

  /** What is wrong once the time is over: after one look. */
  async function problem(acceptUnhealthy: string[] = []): Promise<string | null> {
    const { context } = contextOn(cluster);
    let asked = 0;
    const wait = new Wait(context, "1.12.1", 1, () => 1000 * asked++);
    return awaitRefusing(context, [bufd], acceptUnhealthy, wait);
  }

  it("is on once every pod of bufd refuses calls with 503", async () => {
    runs({ name: "proxy", ports: [{ containerPort: 9000 }] }, port(8080));
    cluster.portAnswers = 503;
    assert.equal(await problem(), null);
    assert.ok(
      cluster.asked.some((one) => one.includes(":8080/proxy")),
      cluster.asked.join(),
    );
  });

  it("is not on while a pod serves", async () => {
    runs(port(8080));
    assert.equal(await problem(), "new-1 does not refuse calls with 503");
  });

  const unasked: [string, V1Container[]][] = [
    ["declares no port", [{ name: "bufd" }]],
    ["declares the status page's port alone", [port(3003)]],
  ];
  for (const [what, containers] of unasked) {
    it(`is not known to be on where bufd ${what}, and the way out is told`, async () => {
      runs(...containers);
      assert.equal(
        await problem(),
        "new-1 could not be asked whether it refuses calls, as its container bufd declares no port of an API; check it by " +
          'hand, and go on with acceptUnhealthy: ["maintenance"]',
      );
    });
  }

  it("is not known to be on where no pod has a container bufd", async () => {
    runs({ name: "server", ports: [{ containerPort: 8080 }] });
    assert.match(
      (await problem()) ?? "",
      /^no pod has a container bufd, so none could be asked .* acceptUnhealthy/,
    );
  });

  it("is not asked for where that is accepted", async () => {
    runs({ name: "bufd" });
    assert.equal(await problem(["maintenance"]), null);
    assert.deepEqual(cluster.asked, []);
  });
});
