import { Tooltip } from "@base-ui/react/tooltip";
import { useEffect, useState } from "react";

const openAfterMs = 400;
/** Going from one button to the next shows the next tooltip at once. */
const warmForMs = 300;

interface Shown {
  readonly anchor: Element;
  readonly text: string;
}

/** What an element has to say: its `data-tip`, or its whole text where `data-tip-cut` marks one that may be cut off. */
function tipOf(target: EventTarget | null): Shown | undefined {
  const anchor = target instanceof Element ? target.closest("[data-tip],[data-tip-cut]") : null;
  if (!(anchor instanceof HTMLElement || anchor instanceof SVGElement)) return undefined;
  if (anchor.dataset.tip) return { anchor, text: anchor.dataset.tip };
  const isCut = anchor.scrollWidth > anchor.clientWidth;
  return isCut && anchor.textContent ? { anchor, text: anchor.textContent } : undefined;
}

/** Watches the whole page; calls back with the tooltip to show. */
function watchTips(show: (shown: Shown | undefined) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let anchor: Element | undefined;
  let closedAt = 0;
  const close = (): void => {
    clearTimeout(timer);
    if (anchor) closedAt = performance.now();
    anchor = undefined;
    show(undefined);
  };
  const open = (tip: Shown, delayMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (tip.anchor.isConnected) show(tip);
    }, delayMs);
    anchor = tip.anchor;
  };
  const onOver = (event: Event): void => {
    const tip = tipOf(event.target);
    if (tip?.anchor === anchor) return;
    close();
    if (tip) open(tip, performance.now() - closedAt < warmForMs ? 60 : openAfterMs);
  };
  const onFocus = (event: Event): void => {
    const tip =
      event.target instanceof Element && event.target.matches(":focus-visible") ? tipOf(event.target) : undefined;
    close();
    if (tip) open(tip, openAfterMs);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") close();
  };
  const listeners: [string, (event: never) => void][] = [
    ["pointerover", onOver],
    ["focusin", onFocus],
    ["focusout", close],
    ["pointerdown", close],
    ["keydown", onKey],
    ["scroll", close],
  ];
  for (const [type, listener] of listeners) document.addEventListener(type, listener as EventListener, true);
  return () => {
    clearTimeout(timer);
    for (const [type, listener] of listeners) document.removeEventListener(type, listener as EventListener, true);
  };
}

/**
 * One tooltip for the whole page. Ten thousand rows of buttons would otherwise each carry the hooks of their own;
 * so a part only says `data-tip="…"` (or `data-tip-cut` for text that an ellipsis may cut).
 */
export function TooltipLayer() {
  const [shown, setShown] = useState<Shown>();
  useEffect(() => watchTips(setShown), []);
  return (
    <Tooltip.Root open={shown !== undefined} disableHoverablePopup>
      <Tooltip.Portal>
        <Tooltip.Positioner anchor={shown?.anchor ?? null} sideOffset={6} collisionPadding={8} className="z-60">
          <Tooltip.Popup
            aria-hidden="true"
            className="popup pointer-events-none max-w-[min(480px,90vw)] px-2 py-1 text-sm break-words whitespace-pre-wrap"
          >
            {shown?.text}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
