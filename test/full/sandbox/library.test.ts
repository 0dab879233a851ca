import { layouts } from "../../sandbox/library/layouts";
import { describeLibrary } from "../../sandbox/library/suite";

describeLibrary(layouts.slice(1));
