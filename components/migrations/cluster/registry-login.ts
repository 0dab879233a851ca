/** The login of the chart's registry; without one, helm uses the logins of this machine. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** Formats a login as Docker, Helm and Kubernetes store it. */
export function dockerConfig(chart: string, { username, password }: RegistryLogin): string {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return JSON.stringify({ auths: { [registryHost(chart)]: { username, password, auth } } });
}

/** The host of an OCI chart's registry, with its port. */
function registryHost(chart: string): string {
  return new URL(chart.replace(/^oci:/, "https:")).host;
}
