/** Where the sandbox keeps its things. */
import { homedir } from "node:os";
import { join } from "node:path";

/** The checkout this sandbox belongs to. */
export const checkout = join(__dirname, "..");

/** Everything that may be large: data, logs, Pulumi's state. Deleted by `make sandbox-down`, all but the logs. */
export const sandboxDir = join(checkout, ".sandbox");

export const envFile = join(sandboxDir, "env");
export const logDir = join(sandboxDir, "logs");

/**
 * Sockets, process ids and what must be put back on the machine. Its path is short (a unix socket's path may have 107
 * bytes), readable for the user postgres (a checkout below /root is not), and known without the checkout (a checkout
 * may be deleted while its sandbox runs).
 */
export const runDir = "/run/pulumi-bsr";

/** What is built or downloaded once for all checkouts of a user. */
export const cacheDir = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "pulumi-bsr");
