import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

export interface Asset {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/**
 * The file that a URL path names below a folder, or undefined. The path is decoded once; what then still points out of
 * the folder, by dots, by a backslash or by a symbolic link, names nothing. Folders name nothing either.
 */
export async function readAsset(root: string, urlPath: string): Promise<Asset | undefined> {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (/[\0\\]/.test(path)) return undefined;
  const contentType = contentTypes[extname(path)];
  if (!contentType) return undefined;
  try {
    const folder = await realpath(root);
    const file = await realpath(join(folder, path));
    if (!file.startsWith(folder + sep) || !(await stat(file)).isFile()) return undefined;
    return { bytes: await readFile(file), contentType };
  } catch {
    return undefined;
  }
}
