import { Unreadable } from "../unreadable";

/** A repository of an OCI registry. */
export interface Repository {
  /** Host, with a port where there is one: also the name under which logins are kept. */
  readonly registry: string;
  readonly path: string;
}

const address = /^oci:\/\/([^/\s@]+)\/([^\s:@]+?)\/*$/;

/** The repository that a chart's address names; without a version, as the configuration key `chart` has it. */
export function repositoryOf(chart: string): Repository {
  const [, registry, path] = address.exec(chart) ?? [];
  if (registry !== undefined && path !== undefined && URL.canParse(`https://${registry}/${path}`)) {
    return { registry, path };
  }
  throw new Unreadable(
    "the chart's repository could not be read",
    // Before an @ there may be a password.
    chart.includes("@") ? "an address with an @" : `the address ${JSON.stringify(chart)}`,
    "the address of a chart in an OCI registry with no version and no login, such as oci://registry.example.com/charts/bsr",
    "give --chart what the configuration key chart has",
  );
}

/** Plain HTTP only where nothing leaves the machine, as Helm does. */
export function originOf({ registry }: Repository): string {
  const host = registry.replace(/:\d+$/, "");
  const local = host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
  return `${local ? "http" : "https"}://${registry}`;
}
