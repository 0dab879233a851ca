import { serve } from "../wire/serve";
import { KubernetesPlugin } from "./provider";

serve((context) => new KubernetesPlugin(context));
