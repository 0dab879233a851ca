import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { exec } from "../../../sandbox/exec";
import type { Instance } from "../../../sandbox/instance";
import { helmHistory } from "./helm";

/** What somebody does to an instance past Pulumi. */
export class ByHand {
  constructor(private readonly instance: Instance) {}

  /** `helm upgrade` with the values that the release has, but for some. */
  upgrade(version: string, ...values: readonly string[]): Promise<string> {
    const chart = this.instance.env["BSR_SANDBOX_CHART"] ?? "";
    const set = values.flatMap((value) => ["--set", value]);
    return this.helm("upgrade", "bsr", chart, "--version", version, "--reuse-values", ...set);
  }

  /** The first `helm install` of a release before 1.16.0, with the values that the instance needs. */
  async install(version: string): Promise<void> {
    const { license: _license, ...values } = this.instance.values;
    const chart = this.instance.env["BSR_SANDBOX_CHART"] ?? "";
    const args = ["install", "bsr", chart, "--version", version, "-n", this.instance.namespace];
    await exec("helm", [...args, "--wait", "--values", "-"], {
      env: this.instance.env,
      input: JSON.stringify(values),
    });
  }

  /** Leaves the release as somebody does whose helm dies in the middle of an upgrade. */
  async leavePending(version: string): Promise<void> {
    const { namespace, env } = this.instance;
    const chart = env["BSR_SANDBOX_CHART"] ?? "";
    const args = ["upgrade", "bsr", chart, "--version", version, "-n", namespace, "--reuse-values"];
    const helm = spawn("helm", args, { env: { ...process.env, ...env }, stdio: "ignore" });
    while (!(await helmHistory(this.instance)).at(-1)?.includes("pending")) await sleep(50);
    helm.kill("SIGKILL");
    await once(helm, "exit");
  }

  rollback(revision: number): Promise<string> {
    return this.helm("rollback", "bsr", String(revision));
  }

  uninstall(...options: readonly string[]): Promise<string> {
    return this.helm("uninstall", "bsr", ...options);
  }

  /** Runs a command that an error message names. */
  run(command: string): Promise<string> {
    const [program = "", ...args] = command.split(" ");
    return exec(program, args, { env: this.instance.env });
  }

  kubectl(...args: readonly string[]): Promise<string> {
    return exec("kubectl", [...args, "-n", this.instance.namespace], { env: this.instance.env });
  }

  /** The image that the pods of bufd are asked to run. */
  image(): Promise<string> {
    return this.kubectl(
      "get",
      "deployment",
      "bufd",
      "-o",
      "jsonpath={.spec.template.spec.containers[0].image}",
    );
  }

  /** Every pod of the release by its own id, with how often its containers have started again. */
  async pods(): Promise<string[]> {
    const each = "{range .items[*]}{.metadata.uid} {.status.containerStatuses[*].restartCount}{'\\n'}{end}";
    const text = await this.kubectl("get", "pods", "-o", `jsonpath=${each}`);
    return text.trim().split("\n").sort();
  }

  private helm(...args: readonly string[]): Promise<string> {
    return exec("helm", [...args, "-n", this.instance.namespace], { env: this.instance.env });
  }
}
