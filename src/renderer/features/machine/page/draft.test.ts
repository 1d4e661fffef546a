import { describe, expect, test } from "vitest";
import { machineSettings } from "#contract/machine.ts";
import { findErrors, toDraft, toSettings } from "./draft.ts";

const settings = machineSettings.parse({});
const host = { cpus: 4, memoryBytes: 8 * 2 ** 30, freeDiskBytes: 100 * 2 ** 30 };

describe("the draft of the machine's settings", () => {
  test("is the same settings again while nothing is typed", () => {
    const odd = { ...settings, memoryBytes: 1_500_000_000, imageId: "abc", dns: ["1.1.1.1", "fe80::1"] };
    expect(toSettings(toDraft(odd), odd)).toEqual(odd);
  });

  test("names what cannot be applied", () => {
    const draft = {
      ...toDraft(settings),
      cpus: "5",
      memoryGiB: "9",
      diskGiB: "one",
      idleMinutes: "1.5",
      dns: "router",
      proxyMode: "manual",
      sharedFolders: [{ path: "code", readOnly: false }],
    } as const;
    expect(findErrors(draft, host)).toEqual({
      cpus: "cpus",
      memoryGiB: "memory",
      diskGiB: "disk",
      idleMinutes: "idle",
      dns: "dns",
      proxyHttp: "proxy",
      sharedFolders: "folder",
    });
  });

  test("takes numbers with a comma, and a folder only once", () => {
    const folder = { path: "/home/me/code", readOnly: true };
    const draft = { ...toDraft(settings), memoryGiB: "1,5", sharedFolders: [folder, folder] };
    expect(findErrors(draft, host)).toEqual({ sharedFolders: "folderTwice" });
    expect(toSettings({ ...draft, sharedFolders: [folder] }, settings)).toMatchObject({
      memoryBytes: 1.5 * 2 ** 30,
      sharedFolders: [folder],
    });
  });
});
