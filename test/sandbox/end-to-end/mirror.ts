import { builtInFacts } from "../../../components/migrations/facts";
import type { PrivateRegistry } from "../../../sandbox/bsr/private-registry";
import { publishRelease, type ReleaseOptions } from "../../../sandbox/bsr/publish";
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
}
