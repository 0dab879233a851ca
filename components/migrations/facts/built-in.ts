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

/** The reviewed data of this package, parsed by its schema so that a mistake in it never reaches a plan. */
export const builtInFacts: Facts = {
  releases: releasesFileSchema.parse(releases).releases,
  requiredStops: requiredStopsFileSchema.parse(requiredStops).requiredStops,
  contracts: contractsFileSchema.parse(contracts).contracts,
};

/** Where, and from which release on, a running BSR reports its health and its schema version (R6). */
export const statusPage = statusPageSchema.parse(statusPageData);
