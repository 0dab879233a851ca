import { exec } from "../../../sandbox/exec";
import type { Instance } from "../../../sandbox/instance";

/** What a user may do in a namespace, as the rules of a Role say it. */
export interface Rights {
  readonly namespace: string;
  readonly rules: readonly Readonly<Record<string, readonly string[]>>[];
}

/** A kubeconfig of a user who has these rights and no others. Roles elsewhere are the test's to delete. */
export async function restrictedUser(
  { namespace, env }: Instance,
  name: string,
  rights: readonly Rights[],
): Promise<string> {
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  const objects = [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    ...rights.flatMap((of) => {
      const metadata = { name: `${namespace}-${name}`, namespace: of.namespace };
      const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name };
      const apiVersion = "rbac.authorization.k8s.io/v1";
      return [
        { apiVersion, kind: "Role", metadata, rules: of.rules },
        { apiVersion, kind: "RoleBinding", metadata, roleRef, subjects },
      ];
    }),
  ];
  const list = { apiVersion: "v1", kind: "List", items: objects };
  await exec("kubectl", ["apply", "-f", "-"], { env, input: JSON.stringify(list) });
  const token = await exec("kubectl", ["create", "token", name, "-n", namespace], { env });
  const raw = await exec("kubectl", ["config", "view", "--raw", "--minify", "-o", "json"], { env });
  const config = JSON.parse(raw) as { contexts: { context: { user: string } }[] };
  const user = config.contexts[0]?.context.user;
  return JSON.stringify({ ...config, users: [{ name: user, user: { token: token.trim() } }] });
}
