/** The sandbox itself: what everything that is tested on it takes for granted. */
import { strict as assert } from "node:assert";
import { randomBytes } from "node:crypto";
import { answers } from "../../../sandbox/answers";
import { sandboxEnv } from "../../../sandbox/env";
import { exec } from "../../../sandbox/exec";
import { pushBusybox } from "./busybox";

const webServer = [
  "mkdir /www && echo page of $HOSTNAME >/www/index.html",
  "echo the server starts",
  // The shell's applets are reached through the shell: the image has no links to them.
  "exec httpd -f -p 8080 -h /www",
].join("\n");

describe("the sandbox", function () {
  this.timeout("2m");
  const namespace = `sandbox-${randomBytes(3).toString("hex")}`;
  let env: NodeJS.ProcessEnv;
  let image: string;

  const value = (name: string): string => {
    const found = env[name];
    assert.ok(found, `${name} is not in .sandbox/env`);
    return found;
  };
  const kubectl = (...args: string[]): Promise<string> =>
    exec("kubectl", ["-n", namespace, ...args], { env });
  const apply = (...items: object[]): Promise<string> =>
    exec("kubectl", ["-n", namespace, "apply", "-f", "-"], {
      env,
      input: JSON.stringify({ apiVersion: "v1", kind: "List", items }),
    });

  before(async () => {
    env = sandboxEnv();
    image = await pushBusybox(value("BSR_SANDBOX_REGISTRY"), `tests/${namespace}`);
    await exec("kubectl", ["create", "namespace", namespace], { env });
    const labels = { app: "web" };
    const container = { name: "web", image, command: ["sh", "-c", webServer] };
    const probe = { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 };
    await apply(
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web" },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              terminationGracePeriodSeconds: 1,
              containers: [{ ...container, readinessProbe: probe }],
            },
          },
        },
      },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "web" },
        spec: { type: "NodePort", selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
      },
    );
    await kubectl("rollout", "status", "deployment/web", "--timeout=60s");
  });

  after(async () => {
    await exec("kubectl", ["delete", "namespace", namespace, "--wait=false"], { env });
  });

  const podNames = async (): Promise<string[]> =>
    (await kubectl("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].metadata.name}")).split(" ");

  it("has a node that is Ready", async () => {
    const ready = 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}';
    assert.match(await kubectl("get", "nodes", "-o", ready), /^True( True)*$/);
  });

  it("runs pods from images that the kubelet pulls from the registry", async () => {
    const images = await kubectl(
      "get",
      "pods",
      "-l",
      "app=web",
      "-o",
      "jsonpath={.items[*].spec.containers[0].image}",
    );
    assert.equal(images, `${image} ${image}`);
    const events = await kubectl("get", "events", "-o", "jsonpath={.items[?(@.reason=='Pulled')].message}");
    assert.match(events, /Successfully pulled image/);
  });

  it("answers on 127.0.0.1 at a service's NodePort, from each of its pods", async () => {
    const port = await kubectl("get", "service", "web", "-o", "jsonpath={.spec.ports[0].nodePort}");
    const wanted = (await podNames()).map((name) => `page of ${name}\n`).sort();
    const url = `http://${value("BSR_SANDBOX_NODE")}:${port}/`;
    await answers(url);
    const pages = new Set<string>();
    for (let request = 0; request < 200 && pages.size < wanted.length; request++) {
      // A connection that is kept would reach the same pod again.
      const answer = await fetch(url, {
        headers: { connection: "close" },
      });
      pages.add(await answer.text());
    }
    assert.deepEqual([...pages].sort(), wanted);
  });

  it("reads a pod's port through the API server's proxy", async () => {
    const [name = ""] = await podNames();
    const path = `/api/v1/namespaces/${namespace}/pods/${name}:8080/proxy/index.html`;
    assert.equal(await kubectl("get", "--raw", path), `page of ${name}\n`);
  });

  it("shows a pod's log and runs commands in it", async () => {
    const [name = ""] = await podNames();
    assert.equal(await kubectl("logs", name), "the server starts\n");
    assert.equal(await kubectl("exec", name, "--", "sh", "-c", "echo $HOSTNAME"), `${name}\n`);
  });

  it("lets a pod reach a service at its address", async () => {
    const [name = ""] = await podNames();
    const ask = "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 5 $WEB_SERVICE_HOST 80 | tail -n 1";
    for (let request = 0; request < 10; request++) {
      assert.match(await kubectl("exec", name, "--", "sh", "-c", ask), /^page of web-/);
    }
  });

  it("lets a pod reach Postgres at the address it is told", async () => {
    const [name = ""] = await podNames();
    const address = `${value("BSR_SANDBOX_POSTGRES_HOST")} ${value("BSR_SANDBOX_POSTGRES_PORT")}`;
    // The request for TLS of Postgres' protocol; a Postgres without TLS answers with one letter, N.
    const ask = `printf '\\000\\000\\000\\010\\004\\322\\026\\057' | nc -w 5 ${address} | head -c 1`;
    assert.match(await kubectl("exec", name, "--", "sh", "-c", ask), /^[NS]$/);
  });

  it("lets this machine reach Postgres with PGHOST, PGPORT, PGUSER and PGPASSWORD", async () => {
    assert.equal(await exec("psql", ["-d", "postgres", "-Atc", "select 6 * 7"], { env }), "42\n");
  });

  it("replaces a pod that is killed", async () => {
    const [name = ""] = await podNames();
    await kubectl("delete", "pod", name, "--wait=true");
    await kubectl("rollout", "status", "deployment/web", "--timeout=60s");
    const names = await podNames();
    assert.equal(names.length, 2);
    assert.ok(!names.includes(name));
  });

  it("runs a Job to its end", async () => {
    const container = { name: "job", image, command: ["sh", "-c", "echo done"] };
    const template = { spec: { restartPolicy: "Never", containers: [container] } };
    await apply({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "job" }, spec: { template } });
    await kubectl("wait", "--for=condition=complete", "job/job", "--timeout=60s");
    assert.equal(await kubectl("logs", "job/job"), "done\n");
  });

  // A cluster of the user's own may well have one.
  (process.env["SANDBOX_KUBECONFIG"] ? it.skip : it)("gives pods no way out of the sandbox", async () => {
    const [name = ""] = await podNames();
    const routes = await kubectl("exec", name, "--", "sh", "-c", "ip route");
    assert.doesNotMatch(routes, /default/);
  });

  it("has the Pulumi CLI with its language host and plugins, and a state of its own", async () => {
    assert.match(await exec("pulumi", ["version"], { env }), /^v3\./);
    assert.match(value("PULUMI_BACKEND_URL"), /^file:/);
    assert.match(value("BSR_SANDBOX_PLUGINS"), /^(real|stand-in)$/);
    for (const plugin of ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
      await exec("sh", ["-c", `command -v ${plugin}`], { env });
    }
  });

  it("keeps connections to Postgres for many tests at a time", async () => {
    const shown = await exec("psql", ["-d", "postgres", "-Atc", "show max_connections"], { env });
    assert.ok(Number(shown) >= 200, `max_connections is ${shown.trim()}`);
  });
});
