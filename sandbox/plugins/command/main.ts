import { serve } from "../wire/serve";
import { CommandPlugin } from "./provider";

serve((context) => new CommandPlugin(context));
