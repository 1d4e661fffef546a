import { Search, X } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "../../lib/classes.ts";
import { IconButton } from "./icon-button.tsx";

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** The one that `/` and Ctrl+F go to. */
  readonly main?: boolean;
  readonly className?: string;
  /** ↓ in the field, for example to go on into the list. */
  readonly onArrowDown?: () => void;
  readonly onEnter?: (event: KeyboardEvent) => void;
}

/** Goes to the search of the screen that is shown; false where it has none. */
export function focusMainSearch(): boolean {
  const input = document.querySelector<HTMLInputElement>("input[data-main-search]");
  input?.focus();
  input?.select();
  return input !== null;
}

/** A search that filters as one types; Esc clears it, and then leaves it. */
export function SearchField({ label, value, onChange, main, className, onArrowDown, onEnter }: SearchFieldProps) {
  const { t } = useTranslation();
  const ref = useRef<HTMLInputElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && value) {
      event.stopPropagation();
      onChange("");
    } else if (event.key === "Escape") ref.current?.blur();
    else if (event.key === "ArrowDown" && onArrowDown) {
      event.preventDefault();
      onArrowDown();
    } else if (event.key === "Enter" && onEnter) {
      event.preventDefault();
      onEnter(event);
    }
  };
  return (
    <div className={classes("relative flex items-center", className)}>
      <Search size={14} aria-hidden className="pointer-events-none absolute left-2 text-muted" />
      <input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        spellCheck={false}
        autoComplete="off"
        data-main-search={main || undefined}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        className="h-7 w-full appearance-none rounded-md border border-control/70 bg-surface pr-7 pl-7 outline-offset-0 [&::-webkit-search-cancel-button]:hidden"
      />
      {value && (
        <IconButton
          icon={X}
          label={t("clearSearch")}
          className="absolute right-0.5"
          onClick={() => {
            onChange("");
            ref.current?.focus();
          }}
        />
      )}
    </div>
  );
}
