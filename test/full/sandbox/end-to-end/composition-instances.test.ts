import assert from "node:assert/strict";
import { sandboxEnv } from "../../../../sandbox/env";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { program } from "../../../sandbox/compositions/project";
import { helmHistory } from "../../../sandbox/end-to-end/helm";
import { rows } from "../../../sandbox/end-to-end/rows";

/** Two instances of one stack; each test goes on where the one before stopped. */
describe("two instances of one program", function () {
  this.timeout("20m");
  let east: Instance;
  let west: Instance;
  let stack: Stack;

  const args = ({ namespace, password, values }: Instance, version: string) => ({
    version,
    host: values.host,
    namespace,
    postgres: { ...values.postgres, password },
  });

  before(async () => {
    [east, west] = await Promise.all(
      ["east", "west"].map((name) => createInstance(name, { postgresSecret: false })) as [
        Promise<Instance>,
        Promise<Instance>,
      ],
    );
    stack = await Stack.of(program("two-instances"), "two-instances", {
      chart: sandboxEnv()["BSR_SANDBOX_CHART"],
      instances: { east: args(east, "1.1.0"), west: args(west, "1.3.1") },
    });
  });

  after(async () => {
    await stack.remove();
    await east.close();
    await west.close();
  });

  it("are both planned in the first preview, and installed by one up", async () => {
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(
      preview.text,
      new RegExp(`release bsr in namespace ${east.namespace}: nothing deployed to 1.1.0`),
    );
    assert.match(
      preview.text,
      new RegExp(`release bsr in namespace ${west.namespace}: nothing deployed to 1.3.1`),
    );
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual((await stack.outputs())["deployedVersions"], { east: "1.1.0", west: "1.3.1" });
  });

  it("are bumped one by one: nothing of the other changes", async () => {
    stack.configure({ instances: { east: args(east, "1.2.0"), west: args(west, "1.3.1") } });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.deepEqual(
      rows(preview.text, /./).filter((name) => !name.startsWith("east")),
      [],
    );
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual(await helmHistory(west), ["1.3.1 deployed"]);
  });

  it("go both ways in one up", async () => {
    stack.configure({ instances: { east: args(east, "1.3.1"), west: args(west, "1.2.0") } });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual((await stack.outputs())["deployedVersions"], { east: "1.3.1", west: "1.2.0" });
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });

  it("are no two in one namespace: a second is refused in preview, and the first left alone", async () => {
    const third = { ...args(east, "1.3.1"), releaseName: "third", postgres: args(west, "").postgres };
    stack.configure({ instances: { east: args(east, "1.3.1"), west: args(west, "1.2.0"), third } });
    const preview = await stack.preview();
    assert.ok(!preview.ok, preview.text);
    assert.match(
      preview.text,
      /namespace-taken\s+found: +The namespace east-\w+ has the Helm release bsr of the same chart, at 1\.3\.1/,
    );
    assert.deepEqual(await helmHistory(east), ["1.1.0 superseded", "1.2.0 superseded", "1.3.1 deployed"]);
  });
});
