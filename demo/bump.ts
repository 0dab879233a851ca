import { startLoad, type LoadReport } from "../sandbox/load/load";
import { preview, print, progress, shown, command, title } from "./show";
import type { Stage } from "./stage";

const requestsPerSecond = 250;

/** One line of configuration, its preview, and the walk over every minor while clients read and write. */
export async function bump({ instance, stack }: Stage, version: string): Promise<void> {
  title("Bump the version over four minors: one line of configuration, and its preview");
  command(`pulumi config set version ${version}`);
  stack.configure({ version });
  await shown("pulumi preview", stack.preview({ onLine: preview }));

  title(`Walk it, while clients send ${requestsPerSecond} requests a second`);
  const report = await walkUnderLoad({ instance, stack });
  print(`\nrequests: ${report.requests}, failed: ${report.failed}, rows written: ${report.written.length}`);
  if (report.failed > 0) throw new Error(`requests failed: ${JSON.stringify(report.examples)}`);
}

async function walkUnderLoad({ instance, stack }: Stage): Promise<LoadReport> {
  const load = await startLoad({ url: instance.url, requestsPerSecond });
  const count = () => {
    const { requests, failed } = load.soFar();
    return `[${requests} requests, ${failed} failed]`;
  };
  const walked = await Promise.allSettled([
    shown("pulumi up", stack.up({ onLine: (line) => progress(line, count) })),
  ]);
  const report = await load.stop();
  if (walked[0].status === "rejected") throw walked[0].reason;
  return report;
}
