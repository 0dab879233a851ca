import { satisfies } from "semver";
import { unknownMarker, type LedgerRequest } from "../ledger/request";
import { merge, type Values } from "./values";

/** The values that a release is asked to get; what is not known yet counts as nothing. */
export function valuesFor(layers: LedgerRequest["observe"]["layers"], version: string): Values {
  return layers
    .filter(({ versions }) => satisfies(version, versions))
    .map(({ values }) => (values === unknownMarker ? {} : values))
    .reduce(merge, {});
}

export function isKnown(value: unknown): boolean {
  return !(JSON.stringify(value) ?? "").includes(unknownMarker);
}
