import type { Stack } from "../sandbox/stack";

/** How long a `pulumi up` took, as a user in CI runs it; in milliseconds. */
export interface UpTimes {
  /** The whole of it. */
  readonly upMs: number;
  /** Without its preview, which `--skip-preview` leaves out. */
  readonly upSkipPreviewMs: number;
}

/** `pulumi up --yes`, which previews first; anything but success is an error. */
export async function timedUp(
  stack: Stack,
  program: string,
  onLine: (line: string) => void = () => {},
): Promise<UpTimes> {
  const phases = new UpPhases();
  const { ok, text } = await stack.up({
    checkout: program,
    withPreview: true,
    onLine: (line) => {
      phases.see(line);
      onLine(line);
    },
  });
  if (!ok) throw new Error(`pulumi up failed:\n${text}`);
  return phases.end();
}

/** Tells a `pulumi up` into its preview and the rest, by the lines that it prints. */
export class UpPhases {
  readonly #began: number;
  #updates: number | undefined;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.#began = now();
  }

  see(line: string): void {
    if (/^Updating \(.+\)/.test(line)) this.#updates ??= this.now();
  }

  end(): UpTimes {
    const ended = this.now();
    if (this.#updates === undefined) throw new Error("no line of pulumi up says that the preview is over");
    const previewMs = this.#updates - this.#began;
    return { upMs: ended - this.#began, upSkipPreviewMs: ended - this.#began - previewMs };
  }
}
