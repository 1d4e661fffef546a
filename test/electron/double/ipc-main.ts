import { EventEmitter } from "node:events";

/** Stands for Electron's `ipcMain`, which is an event emitter too. */
export const ipcMain = new EventEmitter();
