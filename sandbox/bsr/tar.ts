/** A tar archive of small files, the same bytes every time: layers and charts are compared by their digest. */

export interface TarFile {
  readonly path: string;
  readonly content: Buffer | string;
  readonly executable?: boolean;
}

const block = 512;

export function tar(files: readonly TarFile[]): Buffer {
  const parts: Buffer[] = [];
  for (const file of files) {
    const content = Buffer.from(file.content);
    parts.push(
      header(file, content.length),
      content,
      Buffer.alloc((block - (content.length % block)) % block),
    );
  }
  parts.push(Buffer.alloc(2 * block));
  return Buffer.concat(parts);
}

/** A header in the format "ustar", with no times, users or groups. */
function header(file: TarFile, size: number): Buffer {
  if (Buffer.byteLength(file.path) > 100)
    throw new Error(`a path of a tar archive is too long: ${file.path}`);
  const bytes = Buffer.alloc(block);
  const octal = (value: number, width: number): string => value.toString(8).padStart(width - 1, "0") + "\0";
  bytes.write(file.path, 0);
  bytes.write(octal(file.executable ? 0o755 : 0o644, 8), 100);
  bytes.write(octal(0, 8), 108);
  bytes.write(octal(0, 8), 116);
  bytes.write(octal(size, 12), 124);
  bytes.write(octal(0, 12), 136);
  bytes.write("0", 156);
  bytes.write("ustar\0" + "00", 257);
  // The checksum is counted with its own field full of spaces.
  bytes.write(" ".repeat(8), 148);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(sum.toString(8).padStart(6, "0") + "\0 ", 148);
  return bytes;
}
