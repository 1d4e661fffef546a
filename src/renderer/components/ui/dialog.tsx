import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, type RefObject, useRef } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "../../lib/classes.ts";
import { IconButton } from "./icon-button.tsx";

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  /** Buttons, the main one last. */
  readonly footer?: ReactNode;
  readonly wide?: boolean;
  readonly initialFocus?: RefObject<HTMLElement | null>;
}

/** A modal window with a title; Esc and a click outside close it, and the focus returns to its opener. */
export function Dialog({ open, onClose, title, children, footer, wide, initialFocus }: DialogProps) {
  const { t } = useTranslation();
  const popup = useRef<HTMLDivElement>(null);
  // Where one types first, or the window itself; the close button, which comes first, is what one wants last.
  const focusFirst = (): HTMLElement | null =>
    popup.current?.querySelector<HTMLElement>("input:not([type='hidden']), textarea, [role='combobox']") ??
    popup.current;
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-40 flex items-start justify-center overflow-y-auto p-4 pt-[8vh]">
          <Base.Popup
            ref={popup}
            initialFocus={initialFocus ?? focusFirst}
            className={classes(
              // Title and buttons stay in sight: what is between them scrolls.
              "popup flex max-h-[max(320px,calc(92dvh-16px))] w-full flex-col rounded-lg",
              wide ? "max-w-[640px]" : "max-w-[440px]",
            )}
          >
            <header className="flex items-start justify-between gap-3 px-4 pt-3.5 pb-1">
              <Base.Title className="min-w-0 text-lg font-medium break-words">{title}</Base.Title>
              <IconButton icon={X} label={t("close")} onClick={onClose} />
            </header>
            <div className="flex min-h-0 flex-col gap-3 overflow-y-auto px-4 pb-4">{children}</div>
            {footer && <div className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">{footer}</div>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
