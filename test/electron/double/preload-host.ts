import type { Protocol } from "../../../node_modules/playwright-core/types/protocol.d.ts";
import type { CdpSession } from "./cdp.ts";
import { PortDouble } from "./ports.ts";
import { bindingName, type FromPreload, portCloseScript, preloadScript, worldName } from "./preload-world.ts";
import { decode, encode } from "./wire.ts";

interface PreloadOptions {
  readonly cdp: CdpSession;
  readonly source: string;
  readonly inSubFrames: boolean;
  readonly onIpc: (frameId: string, channel: string, call: { message: unknown; ports: PortDouble[] }) => void;
}

interface World {
  readonly frameId: string;
  readonly ports: Map<number, PortDouble>;
}

/** Runs a preload in each new document and relays its ports; a document that goes closes those it opened. */
export async function hostPreload({ cdp, source, inSubFrames, onIpc }: PreloadOptions): Promise<void> {
  const worlds = new Map<number, World>();

  function deliver(contextId: number, message: { port: number; data?: unknown; close?: boolean }): void {
    const expression = `__electronDoubleDeliver(${JSON.stringify(encode(message))})`;
    // The document may be gone by now, and its ports with it.
    cdp.send("Runtime.evaluate", { expression, contextId }).catch(() => {});
  }

  function receive(contextId: number, world: World, from: FromPreload): void {
    if (from.type === "port") {
      world.ports.get(from.port)?.deliver(from.data);
      return;
    }
    const ports = from.ports.map((port) => {
      const end = new PortDouble(
        (data) => deliver(contextId, { port, data }),
        () => deliver(contextId, { port, close: true }),
      );
      world.ports.set(port, end);
      return end;
    });
    onIpc(world.frameId, from.channel, { message: from.message, ports });
  }

  const closeWorld = (contextId: number): void => {
    for (const port of worlds.get(contextId)?.ports.values() ?? []) port.end();
    worlds.delete(contextId);
  };

  cdp.on("Runtime.executionContextCreated", ({ context }) => {
    if (context.name !== worldName) return;
    // `auxData` has no type of its own; Chromium puts the frame there.
    const { frameId } = context.auxData as { frameId: string };
    worlds.set(context.id, { frameId, ports: new Map() });
  });
  cdp.on("Runtime.executionContextDestroyed", ({ executionContextId }) => closeWorld(executionContextId));
  cdp.on("Runtime.executionContextsCleared", () => [...worlds.keys()].forEach(closeWorld));
  cdp.on("Inspector.targetCrashed", () => [...worlds.keys()].forEach(closeWorld));
  cdp.on("Runtime.bindingCalled", ({ executionContextId, payload }: Protocol.Runtime.bindingCalledPayload) => {
    const world = worlds.get(executionContextId);
    // Sent by `preloadScript` alone, in the shape of this type.
    if (world) receive(executionContextId, world, decode(payload) as FromPreload);
  });
  await cdp.send("Runtime.addBinding", { name: bindingName, executionContextName: worldName });
  await cdp.send("Runtime.enable");
  await cdp.send("Page.addScriptToEvaluateOnNewDocument", { source: portCloseScript });
  await cdp.send("Page.addScriptToEvaluateOnNewDocument", { source: preloadScript(source, inSubFrames), worldName });
}
