import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { checkout } from "../../../../sandbox/paths";
import { Stack } from "../../../../sandbox/stack";
import { run } from "../../../cli/run";
import { ByHand } from "../../../sandbox/end-to-end/by-hand";
import { restrictedUser, type Rights } from "../../../sandbox/end-to-end/restricted-user";
import { versions } from "../../../sandbox/end-to-end/under-load";

interface Role {
  readonly metadata: { readonly namespace: string };
  readonly rules: Rights["rules"];
}

function rule(apiGroup: string, resources: readonly string[], verbs: readonly string[]) {
  return { apiGroups: [apiGroup], resources, verbs };
}

/** What docs/operations.md names under "Who may do what" for the commands that need less. */
const narrower = {
  status: [
    rule("", ["secrets", "configmaps"], ["get", "list"]),
    rule("coordination.k8s.io", ["leases"], ["get"]),
    rule("", ["pods"], ["list"]),
    rule("apps", ["deployments", "statefulsets", "daemonsets", "replicasets"], ["list"]),
    rule("", ["pods/proxy"], ["get"]),
  ],
  history: [
    rule("", ["secrets", "configmaps"], ["get", "list"]),
    rule("coordination.k8s.io", ["leases"], ["get"]),
  ],
  unlock: [
    rule("", ["secrets"], ["get", "list", "update", "delete"]),
    rule("coordination.k8s.io", ["leases"], ["get"]),
  ],
};

type User = "operator" | keyof typeof narrower;

/** Each test goes on where the one before stopped. */
describe("a user with the rights of docs/rbac/role.yaml alone", function () {
  this.timeout("10m");
  let instance: Instance;
  let stack: Stack;
  let folder: string;

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
    const kubeconfig = await restrictedUser(instance, "operator", rights);
    await stack.configureSecret("kubeconfig", kubeconfig);
    folder = mkdtempSync(join(tmpdir(), "least-privilege-"));
    writeFileSync(join(folder, "operator"), kubeconfig, { mode: 0o600 });
    for (const [name, rules] of Object.entries(narrower)) {
      const of = await restrictedUser(instance, name, [{ namespace: instance.namespace, rules }]);
      writeFileSync(join(folder, name), of, { mode: 0o600 });
    }
  });

  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await stack.remove();
    await instance.close();
  });

  async function reaches(version: string, configuration: object = {}): Promise<void> {
    stack.configure({ version, ...configuration });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.equal((await versions(stack))[0], version);
  }

  /** Runs a command as one of the users. */
  const bsr = (user: User, ...args: string[]) =>
    run([...args, "--kubeconfig", join(folder, user), "--namespace", instance.namespace]);

  /** Asks as the operator, and as the users who may do nothing else. */
  async function tells(state: string, deployed: string | null): Promise<void> {
    for (const user of ["operator", "status"] as const) {
      const status = await bsr(user, "status", "--json");
      assert.equal(status.stderr, "", user);
      const told = JSON.parse(status.stdout) as { state: string; deployed: { version: string } | null };
      assert.deepEqual([told.state, told.deployed?.version ?? null], [state, deployed], status.stdout);
    }
    for (const user of ["operator", "history"] as const) {
      const history = await bsr(user, "history");
      assert.deepEqual([history.status, history.stderr], [0, ""], user);
      assert.match(history.stdout, /Transition 1: installation of 1\.4\.1, done/);
    }
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

  it("reads the status page", () => tells("healthy", "1.11.0"));

  it("restores a snapshot", async () => {
    const snapshots = (await stack.outputs())["snapshots"] as { id: string; version: string }[];
    const id = snapshots.find(({ version }) => version === "1.5.1")?.id;
    assert.ok(id, JSON.stringify(snapshots));
    await reaches("1.5.1", { restore: id });
  });

  it("asks where it stands, and what happened", () => tells("healthy", "1.5.1"));

  it("ends the lock of a Helm that died, as a user who may do nothing else", async () => {
    await new ByHand(instance).leavePending("1.5.1");
    const { attention } = JSON.parse((await bsr("status", "status", "--json")).stdout) as {
      attention: { code: string; remedy: string }[];
    };
    assert.equal(attention[0]?.code, "helm-locked");
    const revision = /--revision (\d+)/.exec(attention[0]?.remedy ?? "")?.[1] ?? "";
    const unlocked = await bsr("unlock", "unlock", "--revision", revision);
    assert.deepEqual([unlocked.status, unlocked.stderr], [0, ""], unlocked.stdout);
  });

  it("changes values, and uninstalls", async () => {
    await reaches("1.5.1", { restore: undefined, bufd: { deployment: { podLabels: { team: "registry" } } } });
    const destroyed = await stack.destroy();
    assert.ok(destroyed.ok, destroyed.text);
  });

  it("asks once more, when Helm knows nothing of it", () => tells("needs-attention", null));
});
