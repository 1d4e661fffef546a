import { Button } from "../ui/button.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import type { MenuEntry } from "../ui/menu.tsx";

interface ActionButtonsProps {
  readonly actions: readonly MenuEntry[];
  /** What is done often has its word on the button; the rest are icons with names. */
  readonly worded: ReadonlySet<string>;
  /** The action that is under way. */
  readonly pending?: string | undefined;
}

/** The entries of an object's menu as buttons, for the header of its page. */
export function ActionButtons({ actions, worded, pending }: ActionButtonsProps) {
  return (
    <div className="flex flex-wrap items-center justify-end gap-1">
      {actions.map(({ id, label, name, icon, disabledReason, danger, run }) =>
        worded.has(id) && icon ? (
          <Button
            key={id}
            icon={icon}
            aria-label={name}
            disabledReason={disabledReason}
            busy={pending === id}
            onClick={run}
          >
            {label}
          </Button>
        ) : (
          icon && (
            <IconButton
              key={id}
              icon={icon}
              label={name ?? label}
              tip={label}
              disabledReason={disabledReason}
              busy={pending === id}
              danger={danger ?? false}
              onClick={run}
            />
          )
        ),
      )}
    </div>
  );
}
