import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { checkout } from "../../../../sandbox/paths";
import { Stack } from "../../../../sandbox/stack";
import { restrictedUser, type Rights } from "../../../sandbox/end-to-end/restricted-user";
import { versions } from "../../../sandbox/end-to-end/under-load";

interface Role {
  readonly metadata: { readonly namespace: string };
  readonly rules: Rights["rules"];
}

/** Each test goes on where the one before stopped. */
describe("a user with the rights of docs/rbac/role.yaml alone", function () {
  this.timeout("10m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("role");
    await instance.allowCreateDatabase();
    await instance.makeClaim("bsr-snapshots");
    const roles = parseAllDocuments(readFileSync(join(checkout, "docs/rbac/role.yaml"), "utf8"));
    const rights = roles.map((role): Rights => {
      const { metadata, rules } = role.toJS() as Role;
      const namespace = metadata.namespace === "bsr" ? instance.namespace : metadata.namespace;
      return { namespace, rules };
    });
    stack = await Stack.create("role", instance, {
      version: "1.4.1",
      snapshot: { pgDump: { image: instance.env["BSR_SANDBOX_POSTGRES_IMAGE"] } },
    });
    await stack.configureSecret("kubeconfig", await restrictedUser(instance, "operator", rights));
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  async function reaches(version: string, configuration: object = {}): Promise<void> {
    stack.configure({ version, ...configuration });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.equal((await versions(stack))[0], version);
  }

  it("installs", () => reaches("1.4.1"));

  it("walks minors, with a snapshot", () => reaches("1.6.0"));

  it("goes down a minor with the owner's binary", () => reaches("1.5.1"));

  it("jumps through maintenance", () =>
    reaches("1.11.0", {
      strategy: "maintenance",
      allowDowntime: true,
      dataMigrations: { completed: ["1.7.0"] },
    }));

  it("restores a snapshot", async () => {
    const snapshots = (await stack.outputs())["snapshots"] as { id: string; version: string }[];
    const id = snapshots.find(({ version }) => version === "1.5.1")?.id;
    assert.ok(id, JSON.stringify(snapshots));
    await reaches("1.5.1", { restore: id });
  });

  it("changes values, and uninstalls", async () => {
    await reaches("1.5.1", { restore: undefined, bufd: { deployment: { podLabels: { team: "registry" } } } });
    const destroyed = await stack.destroy();
    assert.ok(destroyed.ok, destroyed.text);
  });
});
