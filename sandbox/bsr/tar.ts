/** A tar archive, made in memory, the same bytes every time: layers and charts are compared by their digest. */

export interface TarFile {
  readonly path: string;
  readonly content: Buffer | string;
  readonly executable?: boolean;
}

export interface TarLink {
  readonly path: string;
  /** What the symbolic link says. */
  readonly target: string;
}

export interface TarFolder {
  readonly path: string;
  readonly mode: number;
}

export type TarEntry = TarFile | TarLink | TarFolder;

const block = 512;

export function tar(entries: readonly TarEntry[]): Buffer {
  const parts: Buffer[] = [];
  for (const entry of entries) {
    const content = Buffer.from("content" in entry ? entry.content : "");
    parts.push(
      header(entry, content.length),
      content,
      Buffer.alloc((block - (content.length % block)) % block),
    );
  }
  parts.push(Buffer.alloc(2 * block));
  return Buffer.concat(parts);
}

/** A header in the format "ustar", with no times, users or groups. */
function header(entry: TarEntry, size: number): Buffer {
  const target = "target" in entry ? entry.target : "";
  for (const path of [entry.path, target]) {
    if (Buffer.byteLength(path) > 100) throw new Error(`a path of a tar archive is too long: ${path}`);
  }
  const bytes = Buffer.alloc(block);
  const octal = (value: number, width: number): string => value.toString(8).padStart(width - 1, "0") + "\0";
  bytes.write(entry.path, 0);
  bytes.write(octal(modeOf(entry), 8), 100);
  bytes.write(octal(0, 8), 108);
  bytes.write(octal(0, 8), 116);
  bytes.write(octal(size, 12), 124);
  bytes.write(octal(0, 12), 136);
  bytes.write(typeOf(entry), 156);
  bytes.write(target, 157);
  bytes.write("ustar\0" + "00", 257);
  // The checksum is counted with its own field full of spaces.
  bytes.write(" ".repeat(8), 148);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(sum.toString(8).padStart(6, "0") + "\0 ", 148);
  return bytes;
}

function modeOf(entry: TarEntry): number {
  if ("mode" in entry) return entry.mode;
  if ("target" in entry) return 0o777;
  return entry.executable ? 0o755 : 0o644;
}

function typeOf(entry: TarEntry): string {
  if ("mode" in entry) return "5";
  return "target" in entry ? "2" : "0";
}
