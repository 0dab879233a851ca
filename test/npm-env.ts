/**
 * The environment in which tests run npm. A machine behind a proxy has the proxy's certificate among the system's, which
 * Node trusts only if it is told to.
 */
export const npmEnv: NodeJS.ProcessEnv = { ...process.env, NODE_USE_SYSTEM_CA: "1" };
