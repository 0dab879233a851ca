import { connect } from "node:net";
import { exec } from "./exec";

const answerSeconds = 20;

/** Waits until connections to a Service are accepted on this machine: some seconds after its first pod is ready. */
export async function answers(url: string): Promise<void> {
  const end = Date.now() + answerSeconds * 1000;
  while (!(await connects(url))) {
    if (Date.now() > end) throw new Error(`nothing answers at ${url} after ${answerSeconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Takes what connections that were refused have left out of the kernel's table, where it is this machine's. */
export async function forgetRefused(url: string): Promise<void> {
  const forget = 'conntrack -D -p tcp --orig-port-dst "$1" 2>&1 || true';
  await exec("sh", ["-c", forget, "sh", new URL(url).port]);
}

/**
 * Whether a connection is accepted. On loopback, one that is refused because a Service has no pods yet stays in the
 * kernel's table for two minutes, and whoever gets its source port next is refused as well: the ports used here are
 * none that the kernel hands out to others.
 */
function connects(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const localPort = 12_000 + Math.floor(Math.random() * 16_000);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), localPort });
    const settle = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.on("connect", () => settle(true)).on("error", () => settle(false));
  });
}
