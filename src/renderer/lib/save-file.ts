/** Hands a file to the browser to save. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name.toWellFormed().replaceAll(/[/\\]/g, "_");
  link.click();
  // The browser has taken the blob over once the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
