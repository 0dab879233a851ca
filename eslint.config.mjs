import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** The planner is pure: it takes everything it knows as arguments. */
const impure = [
  {
    group: ["@pulumi/*", "node:*", "fs", "path", "os", "child_process", "@kubernetes/*"],
    message: "The planner is pure: no Pulumi, no file, no process.",
  },
  { group: ["../steps/*", "../../bsr-release/*"], message: "The planner knows only the facts." },
];

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
  {
    files: ["components/migrations/planner/**"],
    rules: {
      "no-restricted-imports": ["error", { patterns: impure }],
      "no-restricted-globals": ["error", "process", "Date", "console"],
    },
  },
  {
    files: ["components/migrations/steps/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["../planner/*", "../../bsr-release/*", "@pulumi/*"],
              message: "A step knows its own input, never the plan.",
            },
          ],
        },
      ],
    },
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
