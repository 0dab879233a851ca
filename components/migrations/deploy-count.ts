/** Returns a number of deploys, in words. */
export function deployCount(deploys: number): string {
  return deploys === 1 ? "1 deploy" : `${deploys} deploys`;
}
