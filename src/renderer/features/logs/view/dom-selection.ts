import { ordered, type TextPlace, type TextRange } from "../model/row-selection.ts";

/** Elements that hold a row's text, and nothing but it. */
const textOf = "[data-at]";

function placeOf(root: HTMLElement, node: Node | null, offset: number): TextPlace | undefined {
  const element = node instanceof Element ? node : node?.parentElement;
  if (!node || !element || !root.contains(element)) return undefined;
  const holder = element.closest<HTMLElement>(textOf);
  if (holder) {
    const before = document.createRange();
    before.setStart(holder, 0);
    before.setEnd(node, offset);
    return { position: Number(holder.dataset.at), offset: before.toString().length };
  }
  // Between the texts: the next one below.
  const row = element.closest<HTMLElement>("[data-row]");
  const next = row?.querySelector<HTMLElement>(textOf);
  return next ? { position: Number(next.dataset.at), offset: 0 } : undefined;
}

/** The selection of the page as places in rows; undefined where it is empty or elsewhere. */
export function readSelection(root: HTMLElement): { anchor: TextPlace; focus: TextPlace } | undefined {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed) return undefined;
  const anchor = placeOf(root, selection.anchorNode, selection.anchorOffset);
  const focus = placeOf(root, selection.focusNode, selection.focusOffset);
  return anchor && focus ? { anchor, focus } : undefined;
}

/** The node and offset of a place; the nearest end of what is drawn where its row is not. */
function pointOf(root: HTMLElement, place: TextPlace): { node: Node; offset: number } | undefined {
  const texts = [...root.querySelectorAll<HTMLElement>(textOf)];
  const [first, last] = [texts[0], texts.at(-1)];
  if (!first || !last) return undefined;
  if (place.position < Number(first.dataset.at)) return { node: first, offset: 0 };
  if (place.position > Number(last.dataset.at)) return { node: last, offset: last.childNodes.length };
  const holder = texts.find(({ dataset }) => Number(dataset.at) >= place.position);
  if (!holder) return undefined;
  if (Number(holder.dataset.at) > place.position) return { node: holder, offset: 0 };
  let rest = place.offset;
  const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (rest <= length) return { node, offset: rest };
    rest -= length;
  }
  return { node: holder, offset: holder.childNodes.length };
}

/** Selects on the page what of a range is drawn. Rows are used again for other lines, which the page does not know. */
export function showSelection(root: HTMLElement, range: TextRange): void {
  const selection = document.getSelection();
  const [anchor, focus] = [pointOf(root, range.anchor), pointOf(root, range.focus)];
  if (!selection || !anchor || !focus) return;
  const isSame =
    selection.anchorNode === anchor.node &&
    selection.anchorOffset === anchor.offset &&
    selection.focusNode === focus.node &&
    selection.focusOffset === focus.offset;
  if (isSame) return;
  const { from, to } = ordered(range);
  const first = root.querySelector<HTMLElement>(textOf);
  const last = [...root.querySelectorAll<HTMLElement>(textOf)].at(-1);
  const isOutside =
    !first || !last || to.position < Number(first.dataset.at) || from.position > Number(last.dataset.at);
  if (isOutside) selection.removeAllRanges();
  else selection.setBaseAndExtent(anchor.node, anchor.offset, focus.node, focus.offset);
}
