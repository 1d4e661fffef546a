import { type MouseEvent, useRef, useState } from "react";

/** A button whose popup is only loaded when it is first asked for, so that it cannot be the popup's own trigger. */
export interface PopupButton {
  readonly open: boolean;
  readonly setOpen: (open: boolean) => void;
  /** Whether it was ever opened: from then on the popup stays mounted. */
  readonly asked: boolean;
  readonly button: {
    readonly "aria-haspopup": "menu" | "dialog";
    readonly "aria-expanded": boolean;
    readonly onPointerDown: () => void;
    readonly onClick: (event: MouseEvent) => void;
  };
}

export function usePopupButton(kind: "menu" | "dialog"): PopupButton {
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState(false);
  const wasOpen = useRef(false);
  const onPointerDown = (): void => {
    wasOpen.current = open;
  };
  const onClick = ({ detail }: MouseEvent): void => {
    setAsked(true);
    // The press already closed it as one outside of it; the click of a key (detail 0) comes without a press.
    setOpen(detail === 0 || !wasOpen.current);
  };
  return { open, setOpen, asked, button: { "aria-haspopup": kind, "aria-expanded": open, onPointerDown, onClick } };
}
