import { reporters } from "mocha";

/**
 * Mocha's own listing, and a last line that a machine can read: `N passed, N failed`, with `, N skipped` when there are
 * any.
 */
class Reporter extends reporters.Spec {
  override epilogue(): void {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    const skipped = pending > 0 ? `, ${pending} skipped` : "";
    process.stdout.write(`${passes} passed, ${failures} failed${skipped}\n`);
  }
}

export = Reporter;
