import i18next from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { PortBinding } from "#contract";
import { Badge } from "../../components/ui/badge.tsx";
import { CopyButton } from "../../components/ui/copy-button.tsx";
import { openExternal } from "../../lib/external.ts";
import { type PortLink, portLinks } from "./port-links.ts";

/** One published port: a link that opens it outside the app. */
export function PortLinkView({ port }: { readonly port: PortLink }) {
  const { t } = useTranslation("containers");
  const { url, address, text } = port;
  if (!url || !address) return <span className="truncate font-mono text-sm text-muted">{text}</span>;
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      aria-label={t("ports.open", { address })}
      data-tip={t("ports.open", { address })}
      onClick={(event) => {
        event.preventDefault();
        void openExternal(url);
      }}
      className="truncate rounded-sm font-mono text-sm text-link hover:underline"
    >
      {text}
    </a>
  );
}

const shownInRow = 2;

/** The ports of a row: the first two, and how many more there are. */
export function PortsCell({ ports }: { readonly ports: readonly PortBinding[] }) {
  const links = useMemo(() => portLinks(ports), [ports]);
  const shown = links.slice(0, shownInRow);
  const rest = links.slice(shownInRow);
  const [first] = links;
  return (
    <span className="flex items-center gap-2">
      {shown.map((port) => (
        <PortLinkView key={port.text} port={port} />
      ))}
      {rest.length > 0 && (
        <Badge tip={rest.map(({ text }) => text).join("\n")}>
          {i18next.t("containers:ports.more", { count: rest.length })}
        </Badge>
      )}
      {first?.address && (
        <CopyButton
          // Not that of another row, which may have left its tick.
          key={first.address}
          text={first.address}
          name={first.address}
          className="opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100"
        />
      )}
    </span>
  );
}
