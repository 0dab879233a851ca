import { strict as assert } from "node:assert";
import { BsrRelease } from "../../components/bsr-release";
import type { CheckedPromotion } from "../../components/bsr-release/args/promotion";
import { readPromotion, verifiedOf } from "../../components/bsr-release/ledger/promotion-source";
import { Instance } from "./instance";
import { known } from "./outputs";
import { withWorld, type World } from "./registrations";

const at = "2026-03-01T12:00:00.000Z";
const outputs = { deployedVersion: "1.5.1", verifiedAt: at, url: "https://bsr.dev.example.com" };
const verified = { version: "1.5.1", at };

/** The program's own stack is organization/bsr/test. */
async function read(promotion: CheckedPromotion, stacks: World["stacks"] = {}) {
  await withWorld({ observed: new Instance().observed(), stacks });
  return readPromotion(promotion);
}

describe("what another stack runs", () => {
  it("is read of a stack of this project and organization by its name alone", async () => {
    const { readAt, ...rest } = await read({ from: "dev" }, { "organization/bsr/dev": outputs });
    assert.deepEqual(rest, { stack: "organization/bsr/dev", verified });
    assert.equal(new Date(readAt).toISOString(), readAt);
  });

  it("is read of any other by its full name", async () => {
    const { readAt: _now, ...rest } = await read(
      { from: "acme/platform/dev", soak: "24h", override: "1.6.0" },
      { "acme/platform/dev": outputs, "organization/bsr/dev": {} },
    );
    assert.deepEqual(rest, { stack: "acme/platform/dev", soak: "24h", override: "1.6.0", verified });
  });

  it("cannot be told where there is no such stack", async () => {
    assert.equal((await read({ from: "dve" })).unreadable, 'unknown stack "organization/bsr/dve"');
  });

  it("cannot be asked of the stack itself, whose outputs tell what is to be replaced", async () => {
    for (const from of ["test", "organization/bsr/test"]) {
      const { unreadable } = await read({ from }, { "organization/bsr/test": outputs });
      assert.equal(unreadable, "it is this stack itself");
    }
  });

  const shapes: [string, unknown, string | undefined, string][] = [
    [
      "a stack that was never deployed",
      {},
      undefined,
      "it has no output deployedVersion, and it has no output verifiedAt",
    ],
    [
      "a stack that exports only the version",
      { deployedVersion: "1.5.1" },
      undefined,
      "it has no output verifiedAt",
    ],
    [
      "outputs of another shape",
      { deployedVersion: "the password", verifiedAt: "1 March" },
      undefined,
      "its output deployedVersion is not a version, and its output verifiedAt is not a time",
    ],
    [
      "secrets that cannot be decrypted here",
      { ...outputs, deployedVersion: {} },
      undefined,
      "its output deployedVersion is not a version",
    ],
    [
      "a stack without the output that is named",
      outputs,
      "registry",
      "it has no output registry.deployedVersion, and it has no output registry.verifiedAt",
    ],
    [
      "a named output that is no object",
      { registry: "1.5.1" },
      "registry",
      "it has no output registry.deployedVersion, and it has no output registry.verifiedAt",
    ],
    [
      "a named output of another shape",
      { registry: { ...outputs, verifiedAt: 5 } },
      "registry",
      "its output registry.verifiedAt is not a time",
    ],
    [
      "what is no outputs at all",
      undefined,
      undefined,
      "it has no output deployedVersion, and it has no output verifiedAt",
    ],
  ];
  for (const [what, given, output, unreadable] of shapes) {
    it(`cannot be told by ${what}, and nothing of it is quoted`, () => {
      assert.deepEqual(verifiedOf(given, output), { unreadable });
    });
  }

  it("is that of the instance whose output is named, where a stack has several", () => {
    const several = { eu: outputs, us: { ...outputs, deployedVersion: "1.6.0" } };
    assert.deepEqual(verifiedOf(several, "us"), { verified: { version: "1.6.0", at } });
  });

  describe("by a component", () => {
    const usual = { host: "bsr.example.com", kubeconfig: "x", values: { postgres: { host: "db" } } };
    const world = { observed: new Instance().observed(), stacks: { "organization/bsr/dev": outputs } };

    async function planOf(version: string, preview: boolean): Promise<string[]> {
      await withWorld({ ...world, preview });
      const promotion = { from: "dev", override: "1.6.0" };
      return known(new BsrRelease("bsr", { ...usual, version, promotion }).plan);
    }

    for (const preview of [true, false]) {
      it(`decides the plan in ${preview ? "preview" : "up"}`, async () => {
        assert.match((await planOf("1.6.0", preview)).join(), /promotion-overridden: .*\/dev runs 1\.5\.1/);
        assert.match((await planOf("1.5.1", preview)).join(), /promotion-override-unused: /);
      });
    }

    it("registers nothing, so that several components can have the same", async () => {
      const { registrations } = await withWorld(world);
      for (const name of ["eu", "us"]) {
        const { plan, ready } = new BsrRelease(name, {
          ...usual,
          version: "1.5.1",
          namespace: name,
          promotion: { from: "dev" },
        });
        await Promise.all([known(plan), known(ready)]);
      }
      assert.equal(registrations.length, 14);
    });
  });
});
