import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** What a layer may not import, told by the folder's name wherever it stands in the path. */
const not = (folders, message) => ({ regex: `(^|/)(${folders})(/|$)`, message });
const pulumi = not("@pulumi", "Only the component and the ledger know Pulumi.");
const component = not("bsr-release", "What moves versions and schemas knows nothing of the component.");

/** Each layer of components/migrations knows only those below it; facts are the lowest. */
const layers = {
  facts: [pulumi, component, not("planner|cluster|preflight|steps|kubernetes-client", "Facts are data.")],
  planner: [
    pulumi,
    component,
    not("cluster|preflight|steps|kubernetes-client", "The planner knows only the facts."),
    { regex: "^(node:|@kubernetes/|(fs|path|os|child_process)$)", message: "The planner is pure." },
  ],
  cluster: [
    pulumi,
    component,
    not("planner|preflight|steps", "What reads and writes the cluster decides nothing."),
  ],
  preflight: [pulumi, component, not("planner|steps", "The preflight knows its own input, never the plan.")],
  steps: [pulumi, component, not("planner", "A step knows its own input, never the plan.")],
};

export default tseslint.config(
  { ignores: ["dist", "node_modules", ".sandbox"] },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.mjs"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  ...Object.entries(layers).map(([layer, patterns]) => ({
    files: [`components/migrations/${layer}/**`],
    rules: { "no-restricted-imports": ["error", { patterns }] },
  })),
  {
    files: ["components/migrations/planner/**"],
    rules: { "no-restricted-globals": ["error", "process", "Date", "console"] },
  },
  {
    files: ["bin/*.js"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      sourceType: "commonjs",
      globals: { require: "readonly", __dirname: "readonly", process: "readonly" },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  { files: ["**/*.mjs"], ...tseslint.configs.disableTypeChecked },
  // Programs of others, for which pulumi-bsr is a package that is installed; their own test checks their types.
  { files: ["examples/**"], ...tseslint.configs.disableTypeChecked },
);
