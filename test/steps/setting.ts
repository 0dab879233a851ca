import type { Setting } from "../../components/migrations/steps/input";

/** What every step of a transition gets, here of transition 2 with one deploy; a test changes what it is about. */
export function settingOf(about: Partial<Setting> = {}): Setting {
  return {
    ...{ namespace: "bsr", release: "bsr", chart: "oci://example.com/bsr", database: "db/bsr" },
    ...{ highWaterMark: null, schemaOwner: null, stack: "bsr/test", secrets: [], secretKeys: [] },
    method: null,
    ...{ transition: 2, lineage: 2, deploys: 1 },
    ...about,
  };
}
