/** A problem to fix before anything is deployed: what was found, what was wanted, what to do. */
export interface Problem {
  readonly code: string;
  readonly found: string;
  readonly wanted: string;
  readonly remedy: string;
}
