import { layouts } from "./layouts";
import { describeLibrary } from "./suite";

// The other layouts are in the full run.
describeLibrary(layouts.slice(0, 1));
