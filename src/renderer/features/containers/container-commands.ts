import { useNavigate } from "@tanstack/react-router";
import i18next from "i18next";
import { Container } from "lucide-react";
import { useMemo } from "react";
import type { ContainerSummary } from "#contract";
import { type Readiness, useReadiness } from "../../hooks/use-engine.ts";
import { useLiveList } from "../../hooks/use-live.ts";
import type { Command } from "../../lib/commands.ts";
import { shortId } from "../../lib/format.ts";
import { pendingVerb } from "../../lib/pending.ts";
import { containersSource } from "../../lib/sources.ts";
import { objectOf, toTarget } from "./container-actions.ts";
import { verbAction, verbsFor } from "./container-menu.ts";

/** Actions are offered for containers whose name was typed; for all of them they would bury everything else. */
const actedOnAtMost = 20;

function actionsOn(container: ContainerSummary, readiness: Readiness): Command[] {
  const target = toTarget(container);
  const facts = { readiness, pending: pendingVerb(objectOf(target.id)) };
  return verbsFor(target).map((verb) => {
    const { id, label, name, disabledReason, run } = verbAction(verb, target, facts);
    const group = i18next.t("shell:palette.actions");
    return { id: `${id}:${target.id}`, label: name ?? label, group, disabledReason, run };
  });
}

/** What the palette offers of containers: each can be opened, and those that were named can be acted on. */
export function useContainerCommands(query: string): readonly Command[] {
  const navigate = useNavigate();
  const readiness = useReadiness();
  const { items = [] } = useLiveList(containersSource);
  return useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const group = i18next.t("shell:palette.containers");
    const open = items.map(
      ({ id, name }): Command => ({
        id: `container:${id}`,
        label: name,
        group,
        icon: Container,
        run: () => void navigate({ to: "/containers/$id/overview", params: { id: shortId(id) } }),
      }),
    );
    const named = items.filter(({ name }) => words.some((word) => name.toLowerCase().includes(word)));
    return [...open, ...named.slice(0, actedOnAtMost).flatMap((container) => actionsOn(container, readiness))];
  }, [items, query, readiness, navigate]);
}
