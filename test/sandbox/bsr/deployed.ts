/** Deploys the stand-in the way a person would, with helm and kubectl. No part of the component is used here. */
import { exec, tryExec } from "../../../sandbox/exec";
import type { Instance } from "../../../sandbox/instance";

export interface DeployOptions {
  readonly values?: object;
  /** Address of another chart than the published one. */
  readonly chart?: string;
  /** Ends when helm does, whatever the pods do. */
  readonly noWait?: boolean;
}

interface Pod {
  readonly name: string;
  readonly image: string;
  readonly terminating: boolean;
}

export async function deploy(
  instance: Instance,
  version: string,
  options: DeployOptions = {},
): Promise<void> {
  const chart = options.chart ?? instance.env["BSR_SANDBOX_CHART"] ?? "";
  const values = { ...instance.values, ...options.values };
  const args = [
    "upgrade",
    "--install",
    "bsr",
    chart,
    "--version",
    version,
    "--namespace",
    instance.namespace,
  ];
  await exec("helm", [...args, "--values", "-"], { env: instance.env, input: JSON.stringify(values) });
  if (options.noWait) return;
  await kubectl(instance, ["rollout", "status", "deployment", "--timeout=120s"]);
  await until("the old pods are gone", async () =>
    (await bufdPods(instance)).every((pod) => !pod.terminating),
  );
  await instance.answers();
}

export async function kubectl(instance: Instance, args: readonly string[], input?: string): Promise<string> {
  const options = input === undefined ? {} : { input };
  return exec("kubectl", ["--namespace", instance.namespace, ...args], { env: instance.env, ...options });
}

export async function bufdPods(instance: Instance): Promise<Pod[]> {
  const { items } = JSON.parse(
    await kubectl(instance, ["get", "pods", "-l", "app.kubernetes.io/name=bufd", "-o", "json"]),
  ) as {
    items: {
      metadata: { name: string; deletionTimestamp?: string };
      spec: { containers: { image: string }[] };
    }[];
  };
  return items.map(({ metadata, spec }) => ({
    name: metadata.name,
    image: spec.containers[0]?.image ?? "",
    terminating: metadata.deletionTimestamp !== undefined,
  }));
}

export interface StatusPage {
  readonly overall_status: string;
  readonly results: readonly { readonly name: string; readonly status: string; readonly message: string }[];
}

/** The status page of every bufd pod, each read through the API server; undefined for a pod that has none. */
export async function statusPages(instance: Instance): Promise<(StatusPage | undefined)[]> {
  return Promise.all(
    (await bufdPods(instance)).map(async ({ name }) => {
      const path = `/api/v1/namespaces/${instance.namespace}/pods/${name}:3003/proxy/-/status/json`;
      const { status, stdout } = await tryExec("kubectl", ["get", "--raw", path], { env: instance.env });
      return status === 0 ? (JSON.parse(stdout) as StatusPage) : undefined;
    }),
  );
}

/** Runs `bufd migratedownto` with a release's binary and the deployed configuration, as the documentation tells. */
export async function migrateDownTo(
  instance: Instance,
  version: string,
  schemaVersion: number,
): Promise<{ succeeded: boolean; output: string }> {
  const { spec } = JSON.parse(await kubectl(instance, ["get", "deployment", "bufd", "-o", "json"])) as {
    spec: { template: { spec: { containers: Record<string, unknown>[]; restartPolicy: string } } };
  };
  const [bufd] = spec.template.spec.containers;
  const container: Record<string, unknown> = {
    ...bufd,
    image: String(bufd?.["image"]).replace(/:[^:]*$/, `:${version}`),
    command: ["/usr/local/bin/bufd", "migratedownto", String(schemaVersion)],
  };
  for (const unwanted of ["readinessProbe", "livenessProbe", "ports"]) delete container[unwanted];
  const name = `migrate-${version.replaceAll(".", "-")}-to-${schemaVersion}-${Date.now()}`;
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: { ...spec.template.spec, restartPolicy: "Never", containers: [container] },
  };
  await kubectl(instance, ["apply", "-f", "-"], JSON.stringify(pod));
  const phase = await until("the migration has ended", async () => {
    const now = await kubectl(instance, ["get", "pod", name, "-o", "jsonpath={.status.phase}"]);
    return now === "Succeeded" || now === "Failed" ? now : undefined;
  });
  return { succeeded: phase === "Succeeded", output: await kubectl(instance, ["logs", name]) };
}

/** What the newest pods of bufd that did not start have to say. */
export async function startFailure(instance: Instance, image: string): Promise<string> {
  return until(`a pod of ${image} has failed`, async () => {
    for (const pod of await bufdPods(instance)) {
      if (!pod.image.endsWith(image)) continue;
      const args = ["--namespace", instance.namespace, "logs", pod.name, "-c", "bufd"];
      const { stdout } = await tryExec("kubectl", args, { env: instance.env });
      const last = stdout.trim().split("\n").at(-1) ?? "";
      if (last.startsWith("bufd: ")) return last;
    }
    return undefined;
  });
}

export interface Module {
  readonly id: number;
  readonly name: string;
  readonly digest?: string;
  readonly features?: Readonly<Record<string, string | null>>;
}

export async function writeModule(instance: Instance, name: string): Promise<Module> {
  const answer = await fetch(`${instance.url}/v1/modules`, {
    method: "POST",
    body: JSON.stringify({ name, content: "syntax = 'proto3';", note: `note of ${name}` }),
  });
  if (answer.status !== 201) throw new Error(`writing answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Module;
}

export async function readModule(instance: Instance, id: number): Promise<Module> {
  const answer = await fetch(`${instance.url}/v1/modules/${id}`);
  if (answer.status !== 200) throw new Error(`reading answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Module;
}

/** Waits until a question has an answer, and returns it. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  seconds = 40,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
