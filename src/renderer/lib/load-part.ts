import { lazyRouteComponent } from "@tanstack/react-router";
import { type LazyExoticComponent, lazy, type ReactNode } from "react";
import { backoffMs, pause } from "./backoff.ts";

const tries = 6;

/**
 * Loads a part of the program that is not in the first bundle. Chromium drops what it is loading when a network card
 * comes or goes, as a container's does, so what did not arrive is asked for again.
 */
async function loadSteadily<T>(load: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await load();
    } catch (error) {
      // A module that did not arrive is a TypeError; what a module itself throws would be thrown again.
      if (!(error instanceof TypeError) || attempt === tries) throw error;
      await pause(backoffMs(attempt - 1));
    }
  }
}

let loadShared: () => Promise<unknown> = () => Promise.resolve();

/** What has to be there before any later part is shown: the texts of the later screens. */
export function everyPartNeeds(load: () => Promise<unknown>): void {
  let loading: Promise<unknown> | undefined;
  loadShared = () => {
    loading ??= loadSteadily(load).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  loadWhenCalm(loadShared);
}

async function loadPart<Module>(load: () => Promise<Module>): Promise<Module> {
  const [module] = await Promise.all([loadSteadily(load), loadShared()]);
  return module;
}

const calmAfterMs = 1_500;

/** Fetches a part ahead of its first use, once the first screen should stand. */
export function loadWhenCalm(load: () => Promise<unknown>): void {
  setTimeout(() => void load().catch(() => {}), calmAfterMs);
}

type PropsOf<Component> = Component extends (props: infer Props) => ReactNode ? Props : never;

/** A component that is loaded when it is first shown. */
export function lazyPart<Module, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
): LazyExoticComponent<(props: PropsOf<Module[Name]>) => ReactNode> {
  return lazy(async () => {
    const module = await loadPart(load);
    // What is no component has no props by the type above, so nobody could show it.
    return { default: module[name] as (props: PropsOf<Module[Name]>) => ReactNode };
  });
}

/** A route's component that is loaded when the route is first shown. */
export function lazyScreen<Module extends object, Name extends keyof Module>(load: () => Promise<Module>, name: Name) {
  return lazyRouteComponent(() => loadPart(load), name);
}
