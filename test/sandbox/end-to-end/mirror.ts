import { builtInFacts } from "../../../components/migrations/facts";
import type { PrivateRegistry } from "../../../sandbox/bsr/private-registry";
import { type ImageName, publishRelease, type ReleaseOptions } from "../../../sandbox/bsr/publish";
import type { Instance } from "../../../sandbox/instance";

/** A mirror of the registry for one instance, in which a test can break releases, mend them and add new ones. */
export class Mirror {
  readonly #registry: string;

  /** With a private registry, the charts are there. */
  constructor(
    private readonly instance: Instance,
    private readonly charts?: PrivateRegistry,
  ) {
    this.#registry = instance.env["BSR_SANDBOX_REGISTRY"] ?? "";
  }

  get chart(): string {
    if (this.charts !== undefined) return this.charts.chart(this.instance.namespace);
    return `oci://${this.#registry}/${this.instance.namespace}/charts/bsr`;
  }

  async publish(
    version: string,
    options: Partial<Pick<ReleaseOptions, "databaseVersion" | "omitImages" | "editChart">> = {},
  ): Promise<void> {
    const known = builtInFacts.releases.find((release) => release.version === version);
    await publishRelease({
      version,
      databaseVersion: known?.databaseVersion ?? null,
      registry: this.#registry,
      prefix: this.instance.namespace,
      ...(this.charts === undefined ? {} : { chartRegistry: this.charts }),
      ...options,
    });
  }

  /** Takes an image away, as a registry's retention does; nodes pull it for each pod. */
  async forgetImage(name: ImageName, version: string): Promise<void> {
    const manifests = `http://${this.#registry}/v2/${this.instance.namespace}/bsr/${name}/manifests`;
    const accept = "application/vnd.oci.image.manifest.v1+json";
    const found = await fetch(`${manifests}/${version}`, { method: "HEAD", headers: { accept } });
    const digest = found.headers.get("docker-content-digest");
    const { status } = await fetch(`${manifests}/${digest}`, { method: "DELETE" });
    if (status !== 202) throw new Error(`the image ${name} ${version} was not taken away: ${status}`);
  }
}
