import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { protocol, type Session } from "electron";
import { desktopOrigin, desktopScheme } from "#contract/desktop.ts";
import { readAsset } from "#server/assets.ts";
import { commonHeaders, renderPage } from "#server/page.ts";
import { safePage, safePath } from "./safe-page.ts";

/** Address of the one page; views are in its hash. */
export const appUrl = `${desktopOrigin}/`;

/** Must run before Electron is ready: from then on the scheme has an origin of its own and counts as secure. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: desktopScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

function nothingHere(status: number): Response {
  return new Response("There is nothing at this address.", {
    status,
    headers: { ...commonHeaders, "Content-Type": "text/plain; charset=utf-8" },
  });
}

async function respond(request: Request, pages: string): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") return nothingHere(405);
  const url = new URL(request.url);
  if (url.host !== new URL(desktopOrigin).host) return nothingHere(404);
  if (url.pathname === "/" || url.pathname === safePath) {
    const template = url.pathname === "/" ? await readFile(join(pages, "index.html"), "utf8") : safePage;
    const { html, headers } = renderPage(template);
    return new Response(html, { headers });
  }
  const asset = await readAsset(pages, url.pathname);
  if (!asset || url.pathname.endsWith(".html")) return nothingHere(404);
  // A Buffer may be a view of a larger pool; the copy holds the file and nothing else.
  return new Response(new Uint8Array(asset.bytes), {
    headers: { ...commonHeaders, "Content-Type": asset.contentType },
  });
}

/** Serves the built renderer in a session. */
export function serveApp(session: Session, pages: string): void {
  session.protocol.handle(desktopScheme, (request) => respond(request, pages));
}
