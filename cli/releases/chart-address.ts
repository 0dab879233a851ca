import { Unreadable } from "../unreadable";

/** A repository of an OCI registry. */
export interface Repository {
  /** The host, with its port if there is one; logins are kept under this name. */
  readonly registry: string;
  readonly path: string;
}

const address = /^oci:\/\/([^/\s@]+)\/([^\s:@]+?)\/*$/;

/** Returns the repository that a chart's address names; like the configuration key `chart`, it has no version. */
export function repositoryOf(chart: string): Repository {
  const [, registry, path] = address.exec(chart) ?? [];
  if (registry !== undefined && path !== undefined && URL.canParse(`https://${registry}/${path}`)) {
    return { registry, path };
  }
  throw new Unreadable(
    "the chart's repository could not be read",
    // The part before an @ may hold a password.
    chart.includes("@") ? "an address with an @" : `the address ${JSON.stringify(chart)}`,
    "the address of a chart in an OCI registry with no version and no login, such as oci://registry.example.com/charts/bsr",
    "give --chart what the configuration key chart has",
  );
}

/** Returns the registry's origin. Like Helm, it uses plain HTTP only if nothing leaves the machine. */
export function originOf({ registry }: Repository): string {
  const host = registry.replace(/:\d+$/, "");
  const local = host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
  return `${local ? "http" : "https"}://${registry}`;
}
