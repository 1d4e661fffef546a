/** One entry of an initial RAM disk. */
export type CpioEntry =
  | { path: string; kind: "directory" }
  | { path: string; kind: "file"; content: Buffer; executable?: boolean }
  | { path: string; kind: "link"; target: string };

const typeBits = { directory: 0o040000, file: 0o100000, link: 0o120000 } as const;

/** Writes a "newc" archive as the kernel reads it; equal entries give equal bytes: owner root, time 0, counted inodes. */
export function writeCpio(entries: readonly CpioEntry[]): Buffer {
  const parts = entries.map((entry, index) => encode(entry, index + 1));
  parts.push(record({ inode: 0, mode: 0, links: 1, path: "TRAILER!!!", content: Buffer.alloc(0) }));
  return Buffer.concat(parts);
}

function encode(entry: CpioEntry, inode: number): Buffer {
  const permissions = entry.kind === "file" && !entry.executable ? 0o644 : 0o755;
  const content =
    entry.kind === "file" ? entry.content : Buffer.from(entry.kind === "link" ? entry.target : "", "utf8");
  return record({
    inode,
    mode: typeBits[entry.kind] | permissions,
    links: entry.kind === "directory" ? 2 : 1,
    path: entry.path,
    content,
  });
}

interface RecordFields {
  inode: number;
  mode: number;
  links: number;
  path: string;
  content: Buffer;
}

/** Header fields by cpio(5), "New ASCII format": 13 numbers of 8 hex digits behind the magic. */
function record({ inode, mode, links, path, content }: RecordFields): Buffer {
  const name = Buffer.from(`${path}\0`, "utf8");
  const numbers = [inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = `070701${numbers.map((number) => number.toString(16).padStart(8, "0").toUpperCase()).join("")}`;
  return Buffer.concat([padTo4(Buffer.concat([Buffer.from(header, "latin1"), name])), padTo4(content)]);
}

function padTo4(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
}
