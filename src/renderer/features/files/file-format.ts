import type { FileEntry } from "#contract";

const special: Readonly<Record<FileEntry["type"], string>> = {
  file: "-",
  folder: "d",
  link: "l",
  fifo: "p",
  socket: "s",
  device: "b",
};

/** `drwxr-xr-x`, as `ls -l` shows it. */
export function formatMode({ type, mode }: Pick<FileEntry, "type" | "mode">): string {
  const bits = [0o400, 0o200, 0o100, 0o040, 0o020, 0o010, 0o004, 0o002, 0o001];
  const letters = bits.map((bit, index) => (mode & bit ? ("rwx"[index % 3] ?? "-") : "-"));
  const mark = (at: number, bit: number, letter: string): void => {
    if (mode & bit) letters[at] = letters[at] === "x" ? letter : letter.toUpperCase();
  };
  mark(2, 0o4000, "s");
  mark(5, 0o2000, "s");
  mark(8, 0o1000, "t");
  return special[type] + letters.join("");
}

/** A name for the eye: line breaks, controls and bytes that are no text are shown, not obeyed. */
export function showName(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}\p{Surrogate}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
    return character === "\n" ? "\\n" : `\\u{${code.toString(16)}}`;
  });
}

export function joinPath(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
