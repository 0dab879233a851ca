/** Start, stop, start again, and what is left when a sandbox is killed: on a second checkout in a machine of its own. */
import { strict as assert } from "node:assert";
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { copyCheckout } from "../../copy-checkout";
import { bootMachine, type Machine } from "./machine";

const checkout = join(__dirname, "..", "..", "..");

describe("the sandbox's life", function () {
  this.timeout("5m");
  let machine: Machine;
  let folder: string;
  let second: string;
  let before_: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bsr-checkouts-"));
    second = join(folder, "second");
    copyCheckout(checkout, second);
    machine = await bootMachine();
    before_ = await machine.state();
  });

  after(async () => {
    await machine.run(`make -C ${second} sandbox-down`);
    machine.end();
    rmSync(folder, { recursive: true, force: true });
  });

  const make = (target: string): Promise<string> => machine.get(`make -C ${second} ${target}`);
  const inSandbox = (script: string): Promise<string> =>
    machine.get(`cd ${second} && . .sandbox/env && ${script}`);
  const servers = (): Promise<string> => machine.get("cat /run/pulumi-bsr/pids/*");

  /** Pods are what a stop has most to clear up after. */
  async function startWithPods(): Promise<void> {
    await make("sandbox");
    await inSandbox(`kubectl create deployment pods --replicas=2 --image=$BSR_SANDBOX_REGISTRY/bsr/bufd:1.5.1 -- bufd help
      kubectl create service nodeport pods --tcp=80:8080
      until [ "$(kubectl get pods -o name | wc -l)" = 2 ]; do sleep 0.1; done
      until ! kubectl get pods | grep -q ContainerCreating; do sleep 0.1; done`);
  }

  async function nothingIsLeft(): Promise<void> {
    assert.equal(await machine.state(), before_);
    assert.equal(await machine.get(`ls -A ${second}/.sandbox`), "logs\n");
  }

  it("starts in less than 30 s once everything is built", async () => {
    const begun = Date.now();
    await make("sandbox");
    const took = (Date.now() - begun) / 1000;
    assert.ok(took < 30, `it took ${took} s`);
  });

  it("leaves the running servers alone when it is started again", async () => {
    const running = await servers();
    assert.match(await make("sandbox"), /it runs already/);
    assert.equal(await servers(), running);
  });

  it("leaves no process, mount, link, rule or setting behind when it is stopped", async () => {
    await startWithPods();
    await make("sandbox-down");
    await nothingIsLeft();
  });

  it("stops again when there is nothing to stop", async () => {
    await make("sandbox-down");
    await nothingIsLeft();
  });

  it("starts after a stop with an empty cluster, from a shell that sourced the last one's environment", async () => {
    await make("sandbox");
    const output = await inSandbox(`make -C ${second} sandbox-down && make -C ${second} sandbox`);
    assert.match(output, /using kubernetes v1\.34\.\d+ \(found on PATH\)/);
    assert.equal(await inSandbox("kubectl get deployments 2>/dev/null"), "");
  });

  const killAll = "for p in /run/pulumi-bsr/pids/*; do read -r id rest <$p; kill -9 $id; done";

  it("starts again when every server was killed, and then leaves nothing behind", async () => {
    await startWithPods();
    await machine.get(killAll);
    assert.match(await make("sandbox"), /clearing up after a sandbox that was not ended/);
    assert.match(await inSandbox("kubectl get nodes"), /Ready/);
    await make("sandbox-down");
    await nothingIsLeft();
  });

  for (const server of ["node", "etcd", "postgres", "kube-proxy"]) {
    it(`starts again when only ${server} was killed`, async () => {
      await make("sandbox");
      await machine.get(`read -r id rest </run/pulumi-bsr/pids/${server}; kill -9 $id; sleep 0.5`);
      await make("sandbox");
      assert.match(await inSandbox("kubectl get nodes && psql -d postgres -Atc 'select 1'"), /Ready/);
    });
  }

  it("leaves nothing behind when it is stopped after it was killed", async () => {
    await startWithPods();
    await machine.get(killAll);
    await make("sandbox-down");
    await nothingIsLeft();
  });

  it("does not end a process that has the id of a server that is gone", async () => {
    await make("sandbox");
    await machine.get(killAll);
    const other = await machine.get("sleep 300 >/dev/null 2>&1 & echo $!");
    await machine.get(`echo ${other.trim()} 12345 >/run/pulumi-bsr/pids/etcd`);
    await make("sandbox-down");
    // It fails when there is no such process any more.
    await machine.get(`kill ${other.trim()}`);
    await nothingIsLeft();
  });

  it("refuses to start beside the sandbox of another checkout, and says how to end that one", async () => {
    await make("sandbox");
    const third = join(folder, "third");
    copyCheckout(checkout, third);
    const { status, output } = await machine.run(`make -C ${third} sandbox`);
    assert.notEqual(status, 0);
    assert.match(output, new RegExp(`make -C ${second} sandbox-down`));
    await machine.get(`make -C ${third} sandbox-down`);
    assert.match(await inSandbox("kubectl get nodes"), /Ready/);
  });

  it("takes over from a checkout that was moved or deleted while its sandbox ran", async () => {
    await make("sandbox-down");
    const third = join(folder, "to-be-moved");
    copyCheckout(checkout, third);
    await machine.get(`make -C ${third} sandbox`);
    renameSync(third, join(folder, "moved"));
    await make("sandbox");
    assert.match(await inSandbox("kubectl get nodes"), /Ready/);
    await make("sandbox-down");
    await nothingIsLeft();
  });

  it("refuses to start beside another Kubernetes, and leaves its rules alone", async () => {
    await machine.get("iptables -t nat -N KUBE-SERVICES && iptables -t nat -A PREROUTING -j KUBE-SERVICES");
    const { status, output } = await machine.run(`make -C ${second} sandbox`);
    assert.notEqual(status, 0);
    assert.match(output, /another Kubernetes runs on this machine/);
    await make("sandbox-down");
    assert.match(await machine.get("iptables-save -t nat"), /-A PREROUTING -j KUBE-SERVICES/);
    await machine.get("iptables -t nat -D PREROUTING -j KUBE-SERVICES && iptables -t nat -X KUBE-SERVICES");
  });

  it("clears up when a server does not start, and says which and why", async () => {
    await machine.get(
      "mkdir -p /run/broken && printf '#!/bin/sh\\necho no such disk; exit 1\\n' >/run/broken/etcd && chmod +x /run/broken/etcd",
    );
    const { status, output } = await machine.run(
      `mount --no-mtab --bind /run/broken/etcd $(command -v etcd); make -C ${second} sandbox; s=$?; umount --no-mtab $(command -v etcd); rm -r /run/broken; exit $s`,
    );
    assert.notEqual(status, 0);
    assert.match(output, /etcd ended[^]*no such disk/);
    await nothingIsLeft();
  });

  it("tells all that a machine lacks, and what to do instead", async () => {
    // Root by name only, as in a container without privileges, and no Go.
    const powerless = "setpriv --bounding-set=-all --inh-caps=-all";
    const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
    const up = `cd ${second} && ${powerless} node -r ts-node/register/transpile-only sandbox/main.ts up`;
    const { status, output } = await machine.run(up, { ...process.env, PATH: path });
    assert.notEqual(status, 0);
    assert.match(output, /^ {2}- the capability to make namespaces/m);
    assert.match(output, /^ {2}- Go, to build .*the stand-in BSR/m);
    assert.match(output, /SANDBOX_KUBECONFIG=.* SANDBOX_REGISTRY=/);
    await nothingIsLeft();
  });

  it("tells all that a cluster of one's own needs to go with it", async () => {
    const { status, output } = await machine.run(`make -C ${second} sandbox`, {
      ...process.env,
      SANDBOX_KUBECONFIG: "/no/such/file",
    });
    assert.notEqual(status, 0);
    for (const wanted of ["there is no file /no/such/file", "SANDBOX_REGISTRY", "SANDBOX_POSTGRES_HOST"]) {
      assert.ok(output.includes(wanted), output);
    }
  });

  const run = (command: string): Promise<{ status: number | null; output: string }> =>
    machine.run(`cd ${second} && node -r ts-node/register/transpile-only sandbox/main.ts run ${command}`);

  it("ends a sandbox that a command had to start, and passes on how the command ended", async () => {
    const good = await run(`sh -c 'kubectl get nodes'`);
    assert.equal(good.status, 0, good.output);
    assert.match(good.output, /Ready/);
    await nothingIsLeft();
    assert.equal((await run(`sh -c 'exit 7'`)).status, 7);
    await nothingIsLeft();
  });

  it("ends a sandbox that a command had to start when it is interrupted", async () => {
    const interrupted = `cd ${second}; node -r ts-node/register/transpile-only sandbox/main.ts run sh -c 'echo it runs; sleep 60' & pid=$!
      until [ -e .sandbox/env ]; do sleep 0.2; done; sleep 1; kill -INT $pid; wait $pid`;
    const { status, output } = await machine.run(interrupted);
    assert.equal(status, 130, output);
    await nothingIsLeft();
  });

  it("ends a sandbox whose start is interrupted", async () => {
    const interrupted = `cd ${second}; node -r ts-node/register/transpile-only sandbox/main.ts run true & pid=$!
      until [ -e /run/pulumi-bsr/pids/kube-apiserver ]; do sleep 0.1; done; kill -INT $pid; wait $pid`;
    const { status, output } = await machine.run(interrupted);
    assert.equal(status, 130, output);
    await nothingIsLeft();
  });

  it("leaves a sandbox running that ran before a command", async () => {
    await make("sandbox");
    const running = await servers();
    assert.equal((await run("true")).status, 0);
    assert.equal(await servers(), running);
  });
});
