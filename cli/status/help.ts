/** What follows the options in `bsr status --help`. */
export const statusHelp = `
It reads Helm's history, the cluster's record, the pods and, from 1.11.0 on, their status pages; it changes nothing.
It reads no stack, so an item that a stack's acceptUnhealthy excuses counts here all the same.

Examples:
  Where does the instance stand, and is somebody working on it?
    $ npx --no bsr status

  Another cluster, namespace and release:
    $ npx --no bsr status --kubeconfig ~/.kube/prod --context prod --namespace buf --release buf

  For a program; docs/cli.md describes every key:
    $ npx --no bsr status --json

JSON:
  {"state":"healthy|in-transition|needs-attention","transition":null|"why",
   "attention":[{"code":…,"found":…,"remedy":…}],
   "namespace":"bsr","release":"bsr","database":"host:5432/bsr"|null,"recorded":true,
   "deployed":{"version":…,"revision":…,"at":…,"images":{"Deployment/bufd/bufd":…}}|null,
   "live":{"version":…,"revision":…,"status":…,"description":…,"verified":true}|null,
   "attempted":{"version":…,"revision":…,"at":…,"stack":…}|null,
   "schemaOwner":"1.9.1"|null,
   "schemaVersion":{"source":"status-page","current":298,"target":298}|{"source":"assumed","current":286}|null,
   "highWaterMark":"1.9.1"|null,"settled":true,"maintenance":false,"drift":false,"edited":[…],
   "lease":{"state":"held|run-out","holder":…,"since":…,"runsOut":…}|null,
   "restoring":{"snapshot":…,"since":…,"done":false}|null,
   "snapshots":[{"id":…,"version":…,"schemaVersion":246|null,"at":…,"bytes":7340032|null,
     "place":…,"method":"pgDump|command","maintenance":false}],
   "rollout":{"state":"complete|running|stuck|not-ready","line":…,"troubles":[…]}|null,
   "workloads":[{"kind":…,"name":…,"wanted":2,"stopped":2|null,
     "pods":[{"name":…,"version":"1.9.1"|null,"template":"current|older","ready":true}]}],
   "statusPage":{"pods":[…],"unreadable":[…],"unhealthy":[{"pod":…,"name":…,"status":…,"message":…}]}|null}

Exit status:
  0  healthy: what runs is what was verified, and nothing is unhealthy
  1  it could not be read; why is on standard error
  2  wrong usage; nothing is written to standard output
  4  in transition: a run works on it, or its pods are being replaced
  5  needs attention: the last line says what to do`;
