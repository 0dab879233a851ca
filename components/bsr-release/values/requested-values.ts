import { satisfies } from "semver";
import { unknownMarker, type LedgerRequest } from "../ledger/request";
import { merge, type Values } from "./values";

/** Returns the values requested for a release; what is not known yet counts as empty. */
export function valuesFor(layers: LedgerRequest["observe"]["layers"], version: string): Values {
  return layers
    .filter(({ versions }) => satisfies(version, versions))
    .map(({ values }) => (values === unknownMarker ? {} : values))
    .reduce(merge, {});
}

/** Whether no part of a value is unknown. */
export function isKnown(value: unknown): boolean {
  return !(JSON.stringify(value) ?? "").includes(unknownMarker);
}
