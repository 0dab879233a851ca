import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { removeLeftFolders, withPrivateFolder } from "../../components/migrations/cluster/run/private-folder";

describe("a folder that nobody else can read", () => {
  const before = process.env["TMPDIR"];
  let temporary: string;
  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), "folders-"));
    process.env["TMPDIR"] = temporary;
  });
  afterEach(() => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    rmSync(temporary, { recursive: true, force: true });
  });

  /** The name of a folder that this process makes, as another process would have made it. */
  async function nameFor(pid: number): Promise<string> {
    return withPrivateFolder((folder) =>
      Promise.resolve(basename(folder).replace(`-${process.pid}-`, `-${pid}-`)),
    );
  }

  function ended(): number {
    return spawnSync(process.execPath, ["-e", "0"]).pid;
  }

  function make(name: string): string {
    const folder = join(temporary, name);
    mkdirSync(folder);
    writeFileSync(join(folder, "kubeconfig"), "token");
    return folder;
  }

  it("is there while it is used, and gone afterwards, also where that failed", async () => {
    let used = "";
    await withPrivateFolder((folder) => {
      used = folder;
      assert.equal(statSync(folder).mode & 0o777, 0o700);
      return Promise.resolve();
    });
    assert.ok(!existsSync(used));
    await assert.rejects(
      withPrivateFolder(() => Promise.reject(new Error("failed"))),
      /failed/,
    );
    assert.deepEqual(readdirSync(temporary), []);
  });

  it("is removed later where its process was killed, with all that is in it", async () => {
    const left = make(await nameFor(ended()));
    removeLeftFolders();
    assert.ok(!existsSync(left));
  });

  it("stays while its process is there", async () => {
    await withPrivateFolder((folder) => {
      removeLeftFolders();
      assert.ok(existsSync(folder));
      return Promise.resolve();
    });
  });

  it("stays while a helm that its process has left still has it", async () => {
    const left = make(await nameFor(ended()));
    const script = "process.stdout.write('up'); setTimeout(() => {}, 60000)";
    const args = ["-e", script, "--", "--kubeconfig", join(left, "kubeconfig")];
    const helm = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
    try {
      await once(helm.stdout, "data");
      removeLeftFolders();
      assert.ok(existsSync(left));
    } finally {
      helm.kill("SIGKILL");
      await once(helm, "exit");
    }
    removeLeftFolders();
    assert.ok(!existsSync(left));
  });

  it("is no other of these", async () => {
    const pid = ended();
    const name = await nameFor(pid);
    const elsewhere = make("elsewhere");
    const others = [
      make(name.replace(/^bsr-\w+/, "bsr-00000000")),
      make(`bsr-${pid}`),
      make("bsr-abc123"),
      make(`x${name}`),
      elsewhere,
      join(elsewhere, "kubeconfig"),
    ];
    const link = join(temporary, name);
    symlinkSync(elsewhere, link);
    const file = join(temporary, `${name.slice(0, -6)}AbCdEf`);
    writeFileSync(file, "");
    removeLeftFolders();
    for (const path of [...others, link, file]) assert.ok(existsSync(path), path);
  });
});
