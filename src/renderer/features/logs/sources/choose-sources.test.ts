import { expect, test } from "vitest";
import type { ContainerSummary } from "#contract";
import { chooseSources } from "./choose-sources.ts";
import { readMergedSearch } from "./merged-search.ts";

function container(name: string, state: ContainerSummary["state"], project?: string): ContainerSummary {
  const labels: Record<string, string> = project ? { "com.docker.compose.project": project } : {};
  // Only what decides is there.
  return { id: `${name}-0123456789abcdef`, name, state, labels } as unknown as ContainerSummary;
}

const all = [container("web", "running", "shop"), container("db", "exited", "shop"), container("mail", "paused")];
const none: ReadonlySet<string> = new Set();
const idsOf = (...args: Parameters<typeof chooseSources>): string[] =>
  chooseSources(...args).map((spec) => (spec.kind === "container" ? spec.id.replace(/-.*/, "") : `past:${spec.name}`));

test("all that run, and those that were shown before they stopped", () => {
  expect(idsOf(all, {}, none)).toEqual(["web", "mail"]);
  expect(idsOf(all, {}, new Set(["db-0123456789abcdef"]))).toEqual(["web", "db", "mail"]);
});

test("a project with all its containers, and a choice by name or id", () => {
  expect(idsOf(all, { project: "shop" }, none)).toEqual(["web", "db"]);
  expect(idsOf(all, { c: ["mail", "web-01234567", "gone"] }, none)).toEqual(["mail", "web", "gone"]);
  expect(idsOf(all, { past: ["old"] }, none)).toEqual(["past:old"]);
});

test("a URL with anything in it is read without harm", () => {
  expect(readMergedSearch({ c: "one", project: 7, past: [1, {}, "x"] })).toEqual({
    c: ["one"],
    project: "7",
    past: ["1", "x"],
  });
  expect(readMergedSearch({ c: {}, project: [], past: [] })).toEqual({});
});
