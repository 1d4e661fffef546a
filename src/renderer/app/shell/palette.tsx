import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Kbd } from "../../components/ui/kbd.tsx";
import { useContainerCommands } from "../../features/containers/container-commands.ts";
import { type Command, commandIcon, setPaletteOpen, useCommandRegistry } from "../../lib/commands.ts";
import { notify } from "../../lib/notify.ts";
import { rankCommands, readRecent, rememberCommand } from "./palette-rank.ts";

function PaletteItem({ command, onRun }: { readonly command: Command; readonly onRun: () => void }) {
  return (
    <Autocomplete.Item
      value={command}
      onClick={onRun}
      aria-disabled={command.disabledReason ? true : undefined}
      className="mx-1.5 flex min-h-8 items-center gap-2.5 rounded-md px-2.5 outline-none select-none data-highlighted:bg-hover"
    >
      <span className={command.disabledReason ? "text-disabled" : "text-muted"}>{commandIcon(command, 15)}</span>
      <span className={`min-w-0 grow truncate ${command.disabledReason ? "text-muted" : ""}`}>{command.label}</span>
      {command.disabledReason ? (
        <span className="max-w-1/2 truncate text-sm text-muted">{command.disabledReason}</span>
      ) : (
        command.keys?.map((key) => <Kbd key={key} keys={key} />)
      )}
    </Autocomplete.Item>
  );
}

/** Ctrl/Cmd+K: every screen, every container, every action that can be run now, and those that cannot, with the reason. */
export function Palette() {
  const { t } = useTranslation("shell");
  const [query, setQuery] = useState("");
  const sets = useCommandRegistry((state) => state.sets);
  const recent = useRef(readRecent());
  const containers = useContainerCommands(query);
  const commands = useMemo(
    () => [...[...sets.values()].flatMap((offer) => offer()), ...containers],
    [sets, containers],
  );
  const groups = useMemo(
    () => rankCommands(commands, { query, recent: recent.current, recentTitle: t("palette.recent") }),
    [commands, query, t],
  );
  const close = (): void => setPaletteOpen(false);
  const run = (command: Command): void => {
    if (command.disabledReason) {
      notify({ title: command.label, description: command.disabledReason });
      return;
    }
    close();
    rememberCommand(command.id);
    // After the dialog gave the focus back, so that a command can move it.
    setTimeout(command.run);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Viewport className="fixed inset-0 z-50 flex justify-center p-4 pt-[10vh]">
          <Dialog.Popup className="popup flex h-fit max-h-[70vh] w-full max-w-[600px] flex-col overflow-hidden rounded-lg">
            <Dialog.Title className="sr-only">{t("palette.title")}</Dialog.Title>
            <Autocomplete.Root
              open
              inline
              items={groups}
              filter={null}
              autoHighlight="always"
              value={query}
              onValueChange={(value, details) => details.reason !== "item-press" && setQuery(value)}
              itemToStringValue={(command: Command) => command.label}
            >
              <Autocomplete.Input
                aria-label={t("palette.title")}
                placeholder={t("palette.placeholder")}
                className="h-11 shrink-0 border-b border-line bg-transparent px-4 text-lg outline-none"
              />
              <Autocomplete.Empty className="px-4 text-muted not-empty:py-5">
                {t("palette.empty", { query })}
              </Autocomplete.Empty>
              <Autocomplete.List className="min-h-0 scroll-py-2 overflow-y-auto not-empty:py-1.5">
                {(group: (typeof groups)[number]) => (
                  <Autocomplete.Group key={group.value} items={group.items}>
                    <Autocomplete.GroupLabel className="px-4 pt-2 pb-1 text-sm font-medium text-muted">
                      {group.value}
                    </Autocomplete.GroupLabel>
                    <Autocomplete.Collection>
                      {(command: Command) => (
                        <PaletteItem key={command.id} command={command} onRun={() => run(command)} />
                      )}
                    </Autocomplete.Collection>
                  </Autocomplete.Group>
                )}
              </Autocomplete.List>
            </Autocomplete.Root>
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
