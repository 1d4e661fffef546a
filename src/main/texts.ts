import type { EngineState } from "#contract";

/** The engine's state in one line, for the tray. */
export function describeEngine(state: EngineState): string {
  switch (state.status) {
    case "connecting":
      return "Engine: connecting";
    case "connected":
      return `Engine: connected, Docker ${state.version}`;
    case "degraded":
      return "Engine: does not answer";
    case "disconnected":
      return "Engine: disconnected";
    case "no_permission":
      return "Engine: no permission";
  }
}

/** Every other word that the desktop shell shows. */
export const texts = {
  name: "Longshore",
  open: "Open Longshore",
  reconnect: "Reconnect",
  quit: "Quit Longshore",
  file: "File",
  closeWindow: "Close window",
  view: "View",
  screens: {
    containers: "Containers",
    images: "Images",
    volumes: "Volumes",
    networks: "Networks",
    settings: "Settings",
  },
  engine: "Engine",
  help: "Help",
  showLogs: "Show log folder",
  startFailed: "Longshore cannot start",
  trayNotice: {
    message: "Longshore goes on running",
    detail:
      "Closing the window leaves Longshore in the tray, and its engine running. To end both, choose Quit Longshore in the tray or in the File menu. Starting Longshore again brings this window back.",
    keep: "Keep running",
    quit: "Quit Longshore",
  },
} as const;
