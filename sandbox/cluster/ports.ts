import { createServer } from "node:net";

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen(port, "127.0.0.1", () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** The ports on 127.0.0.1, the usual ones where they are free. */
export interface Ports {
  readonly registry: number;
  readonly api: number;
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly controllerManager: number;
  readonly scheduler: number;
  readonly proxyHealth: number;
  readonly proxyMetrics: number;
}

const usual: Ports = {
  registry: 15000,
  api: 16443,
  etcd: 12379,
  etcdPeer: 12380,
  controllerManager: 11257,
  scheduler: 11259,
  proxyHealth: 11256,
  proxyMetrics: 11249,
};

export async function choosePorts(): Promise<Ports> {
  const taken = new Set<number>();
  const choose = async (wanted: number): Promise<number> => {
    for (let port = wanted; port < wanted + 100; port++) {
      if (taken.has(port) || !(await isFree(port))) continue;
      taken.add(port);
      return port;
    }
    throw new Error(`the ports ${wanted} to ${wanted + 99} of 127.0.0.1 are all in use`);
  };
  const chosen: Partial<Record<keyof Ports, number>> = {};
  for (const name of Object.keys(usual) as (keyof Ports)[]) chosen[name] = await choose(usual[name]);
  return chosen as Ports;
}
