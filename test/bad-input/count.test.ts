import { strict as assert } from "node:assert";
import { additionKinds } from "./kinds/additions";
import { historyKinds, pageKinds, statusKinds } from "./kinds/cluster";
import { configurationKinds } from "./kinds/configuration";
import { helmKinds } from "./kinds/helm";
import { kubeconfigKinds } from "./kinds/kubeconfig";
import { optionKinds } from "./kinds/options";
import { stackKinds } from "./kinds/stacks";

describe("the kinds of bad input", () => {
  const kinds = [
    ...configurationKinds.map(({ key, text, secret }) => `configuration ${key} ${text} ${secret === true}`),
    ...optionKinds.map(({ args }) => `option ${args.join(" ")}`),
    ...additionKinds.map(({ additions }, index) => `addition ${index} ${JSON.stringify(additions)}`),
    ...[...historyKinds, ...statusKinds].map(({ what }) => `cluster: ${what}`),
    ...pageKinds.map(({ what }) => `page ${what}`),
    ...kubeconfigKinds.map(({ what }) => `kubeconfig ${what}`),
    ...helmKinds.map(({ what }) => what),
    ...stackKinds.map(({ what }) => `stack: ${what}`),
  ];

  it("that are picked by hand are many, and each is there once", () => {
    assert.equal(new Set(kinds).size, kinds.length);
    assert.ok(kinds.length >= 250, `${kinds.length} kinds`);
  });
});
