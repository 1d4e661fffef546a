/** Scheme and origin under which the desktop app serves its own screens. */
export const desktopScheme = "app";
export const desktopOrigin = "app://longshore";

/**
 * `type` of the one message that hands the page its port: `window` receives `{ type }` with `ports[0]` right after
 * `DOMContentLoaded`, so a listener that a module script adds while it is evaluated never misses it.
 */
export const portMessage = "longshore:port";

/** IPC channel on which the preload hands the other end of that port to the main process. */
export const connectChannel = "longshore:connect";
