/** What an organisation asks of the BSR in its production stacks. README.md tells how to use and to change it. */
import {
  PolicyPack,
  type PolicyConfigSchema,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
} from "@pulumi/policy";

/** What the pack reads of the ledger's inputs; every BsrRelease has one ledger. */
interface Ledger {
  /** There when a snapshot method is given. */
  readonly snapshots?: true;
  /** The loss of data that the configuration accepts; absent when it accepts none. */
  readonly acknowledgeDataLoss?: string;
}

const configSchema: PolicyConfigSchema = {
  properties: {
    production: {
      type: "string",
      format: "regex",
      default: "^prod",
      description: "Stacks whose name matches this regular expression are production.",
    },
  },
};

const snapshotMethod: ResourceValidationPolicy = {
  name: "bsr-snapshot-method",
  description: "A BSR in production has a snapshot method.",
  enforcementLevel: "mandatory",
  configSchema,
  validateResource: (args, reportViolation) => {
    const ledger = ledgerInProduction(args);
    if (ledger === undefined || ledger.snapshots === true) return;
    reportViolation(
      told({
        found: `${subject(args)} has no snapshot method: what a transition spoils could not be brought back.`,
        wanted: "A snapshot of the database before every transition of a stack of production.",
        remedy:
          "Set the argument snapshot (configuration key bsr:snapshot) to pgDump or to a command of yours.",
      }),
    );
  },
};

const noAcceptedLoss: ResourceValidationPolicy = {
  name: "bsr-no-accepted-loss",
  description: "A BSR in production accepts no loss of data.",
  enforcementLevel: "mandatory",
  configSchema,
  validateResource: (args, reportViolation) => {
    const ledger = ledgerInProduction(args);
    if (ledger?.acknowledgeDataLoss === undefined) return;
    reportViolation(
      told({
        found: `${subject(args)} has acknowledgeDataLoss set to "${ledger.acknowledgeDataLoss}".`,
        wanted: "No acknowledgement of a loss of data in a stack of production.",
        remedy:
          "Remove acknowledgeDataLoss, and go back with the argument restore to a snapshot that was taken before.",
      }),
    );
  },
};

new PolicyPack("bsr", { policies: [snapshotMethod, noAcceptedLoss] });

/** The resource's inputs, where it is the ledger of a BSR in a stack of production. */
function ledgerInProduction(args: ResourceValidationArgs): Ledger | undefined {
  const { production } = args.getConfig<{ production: string }>();
  const isProduction = new RegExp(production).test(stackOf(args.urn));
  return isProduction && isLedger(args.urn) ? (args.props as Ledger) : undefined;
}

/** The one dynamic resource right below the component. */
function isLedger(urn: string): boolean {
  return urn.includes("pulumi-bsr:index:BsrRelease$pulumi-nodejs:dynamic:Resource::");
}

/** `urn:pulumi:<stack>::<project>::<types>::<name>` */
function stackOf(urn: string): string {
  return urn.slice("urn:pulumi:".length, urn.indexOf("::"));
}

function subject({ urn, name }: ResourceValidationArgs): string {
  return `The stack ${stackOf(urn)} is production, and its BSR ${name.replace(/-ledger$/, "")}`;
}

function told({ found, wanted, remedy }: Readonly<Record<"found" | "wanted" | "remedy", string>>): string {
  return [`found:  ${found}`, `wanted: ${wanted}`, `remedy: ${remedy}`].join("\n");
}
