/**
 * The tools that the sandbox runs: those found on PATH in a fitting version, the others built from Go modules. Each
 * folder of sandbox/tools pins one module with its checksums; a built tool is kept in the cache under the hash of all
 * that it is built from, so it is built once for all checkouts.
 */
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import * as semver from "semver";
import { exec, tryExec } from "../exec";
import { cacheDir, checkout } from "../paths";
import { say, seconds } from "../say";

interface GoTool {
  readonly name: string;
  /** Folder of sandbox/tools with the go.mod. */
  readonly module: string;
  readonly packages: readonly string[];
  readonly executables: readonly string[];
  /** Versions on PATH that are as good as a build. */
  readonly fitting: string;
  /** Prints a version, the first one in its output. */
  readonly versionArgs: readonly string[];
  readonly ldflags: readonly string[];
  /** Minutes that a build took on 2 cores with nothing in Go's own cache. */
  readonly minutes: number;
}

const kubernetesVersion = "v1.34.2";
const helmVersion = "v3.20.2";
const pulumiVersion = "v3.259.0";

/** Without these the API server reports no version, and clients that ask for it fail. */
const kubernetesLdflags = [
  `-X k8s.io/component-base/version.gitVersion=${kubernetesVersion}`,
  "-X k8s.io/component-base/version.gitMajor=1",
  "-X k8s.io/component-base/version.gitMinor=34",
  "-X k8s.io/component-base/version.gitTreeState=clean",
];

const servers = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"];

const tools: readonly GoTool[] = [
  {
    name: "kubernetes",
    module: "kubernetes",
    packages: servers.map((name) => `k8s.io/kubernetes/cmd/${name}`),
    executables: servers,
    fitting: "~1.34",
    versionArgs: ["--version"],
    ldflags: kubernetesLdflags,
    minutes: 9,
  },
  {
    name: "kubectl",
    module: "kubernetes",
    packages: ["k8s.io/kubernetes/cmd/kubectl"],
    executables: ["kubectl"],
    // One minor of skew is supported. A prerelease or "-dispatcher" (gcloud's wrapper, which picks another binary by
    // the server's version and may download it) is not in the range.
    fitting: ">=1.33 <1.36",
    versionArgs: ["version", "--client"],
    ldflags: kubernetesLdflags,
    minutes: 1,
  },
  {
    name: "helm",
    module: "helm",
    packages: ["helm.sh/helm/v3/cmd/helm"],
    executables: ["helm"],
    fitting: ">=3.14 <4",
    versionArgs: ["version", "--short"],
    // The Kubernetes version is what charts see when they are rendered without a cluster.
    ldflags: [
      `-X helm.sh/helm/v3/internal/version.version=${helmVersion}`,
      "-X helm.sh/helm/v3/internal/version.metadata=",
      "-X helm.sh/helm/v3/internal/version.gitTreeState=clean",
      "-X helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor=1",
      "-X helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor=35",
      "-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1",
      "-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=35",
    ],
    minutes: 2,
  },
  {
    name: "pulumi",
    module: "pulumi",
    packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
    executables: ["pulumi"],
    fitting: ">=3.200 <4",
    versionArgs: ["version"],
    ldflags: [`-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${pulumiVersion}`],
    minutes: 4,
  },
  {
    // Releases of the SDK after this one publish the language host apart from any Go module.
    name: "pulumi-language-nodejs",
    module: "pulumi-language-nodejs",
    packages: ["github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"],
    executables: ["pulumi-language-nodejs"],
    // It prints no version that could be compared; the one beside a fitting CLI is that CLI's own.
    fitting: "*",
    versionArgs: [],
    ldflags: [],
    minutes: 1,
  },
];

/** The first file of that name on a search path that may be run. */
export function findOnPath(name: string, path: string | undefined = process.env["PATH"]): string | undefined {
  for (const folder of (path ?? "").split(delimiter)) {
    if (folder === "") continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

interface OnPath {
  readonly version: string;
  readonly folders: readonly string[];
}

/** Where a tool is on PATH, when all its executables are there and fit. */
async function fittingOnPath(tool: GoTool): Promise<OnPath | undefined> {
  let version = "";
  const folders: string[] = [];
  for (const name of tool.executables) {
    const file = findOnPath(name);
    if (file === undefined) return undefined;
    folders.push(dirname(file));
    if (tool.versionArgs.length === 0) continue;
    const { stdout } = await tryExec(file, tool.versionArgs, { timeoutSeconds: 10 });
    version = /v?\d+\.\d+\.\d+[-+.\w]*/.exec(stdout)?.[0] ?? "";
    if (!semver.satisfies(version, tool.fitting)) return undefined;
  }
  return { version, folders };
}

function targetOf(tool: GoTool, goVersion: string, ldflags: string): string {
  const folder = join(checkout, "sandbox", "tools", tool.module);
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(folder, file)));
  hash.update(JSON.stringify([goVersion, process.arch, ldflags, tool.packages]));
  return join(cacheDir, "tools", `${tool.name}-${hash.digest("hex").slice(0, 12)}`);
}

async function build(tool: GoTool, target: string, ldflags: string, position: string): Promise<void> {
  const started = Date.now();
  say(`building ${tool.name}, ${position}, about ${tool.minutes} min, once`);
  mkdirSync(join(cacheDir, "tools"), { recursive: true });
  const script = join(checkout, "sandbox", "setup", "build-tool.sh");
  const source = join(checkout, "sandbox", "tools", tool.module);
  const command = ["sh", script, source, target, ldflags, ...tool.packages];
  const lock = `${target}.lock`;
  if (findOnPath("flock") === undefined) {
    const [shell = "", ...args] = command;
    await exec(shell, args, { timeoutSeconds: 3600 });
    return;
  }
  const first = await tryExec("flock", ["-n", "-E", "75", "-o", lock, ...command], { timeoutSeconds: 3600 });
  if (first.status === 75) {
    say(`${tool.name} is being built for another checkout; waiting for that`);
    await exec("flock", ["-o", lock, ...command], { timeoutSeconds: 3600 });
  } else if (first.status !== 0) {
    throw new Error(`building ${tool.name} failed\n${first.stderr.trim()}`);
  }
  say(`built ${tool.name} in ${seconds(started)}`);
}

export interface FoundTools {
  /** Folders that belong in front of PATH once everything is built; the built tools come first. */
  readonly folders: readonly string[];
  /** For a person: which tools are used, and from where. */
  readonly used: readonly string[];
  readonly missing: readonly MissingTool[];
}

interface MissingTool {
  readonly tool: GoTool;
  readonly target: string;
  readonly ldflags: string;
}

/** Looks on PATH, then in the cache. */
export async function findTools(): Promise<FoundTools> {
  const goVersion = findOnPath("go") === undefined ? "" : (await exec("go", ["env", "GOVERSION"])).trim();
  const built: string[] = [];
  const found = new Set<string>();
  const used: string[] = [];
  const missing: MissingTool[] = [];
  let cliOnPath = false;
  for (const tool of tools) {
    // A language host on PATH counts only beside the CLI it came with.
    const usable: boolean = tool.name !== "pulumi-language-nodejs" || cliOnPath;
    const onPath: OnPath | undefined = usable ? await fittingOnPath(tool) : undefined;
    if (tool.name === "pulumi") cliOnPath = onPath !== undefined;
    if (onPath !== undefined) {
      for (const folder of onPath.folders) found.add(folder);
      used.push(`${[tool.name, onPath.version].filter(Boolean).join(" ")} (found on PATH)`);
      continue;
    }
    const ldflags = ["-s", "-w", ...tool.ldflags].join(" ");
    const target = targetOf(tool, goVersion, ldflags);
    built.push(target);
    if (existsSync(target)) used.push(`${tool.name} (built, in the cache)`);
    else missing.push({ tool, target, ldflags });
  }
  return { folders: [...built, ...found], used, missing };
}

export async function buildTools({ missing }: FoundTools): Promise<void> {
  const minutes = missing.reduce((sum, { tool }) => sum + tool.minutes, 0);
  if (missing.length > 1) say(`${missing.length} tools to build, about ${minutes} min on 2 cores, once`);
  for (const [index, { tool, target, ldflags }] of missing.entries()) {
    await build(tool, target, ldflags, `${index + 1} of ${missing.length}`);
  }
}
