/** Progress for the person who waits. On stderr, so that it mixes with no command's result. */
export function say(text: string): void {
  process.stderr.write(`sandbox: ${text}\n`);
}

export function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
