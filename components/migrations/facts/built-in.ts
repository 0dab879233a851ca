import contracts from "./contracts.json";
import releases from "./releases.json";
import requiredStops from "./required-stops.json";
import statusPageData from "./status-page.json";
import {
  contractsFileSchema,
  releasesFileSchema,
  requiredStopsFileSchema,
  statusPageSchema,
  type Facts,
} from "./schema";

/** The reviewed data of this package, read through the schema so that a slip in it never reaches a plan. */
export const builtInFacts: Facts = {
  releases: releasesFileSchema.parse(releases).releases,
  requiredStops: requiredStopsFileSchema.parse(requiredStops).requiredStops,
  contracts: contractsFileSchema.parse(contracts).contracts,
};

/** Where and since when a running BSR tells its health and its schema version (R6). */
export const statusPage = statusPageSchema.parse(statusPageData);
