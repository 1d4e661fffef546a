import { useTranslation } from "react-i18next";
import type { MachineState } from "#contract";
import { StateChip } from "../../../components/ui/state-chip.tsx";
import { Group } from "./parts.tsx";

/** Which ports of containers are open on this computer, and who holds those that are not. */
export function ForwardsSection({ state }: { readonly state: MachineState }) {
  const { t } = useTranslation("machine");
  if (state.status !== "running") return null;
  const { forwards } = state;
  const headers = ["state", "here", "container", "why"] as const;
  return (
    <Group title={t("forwards.title")} hint={t("forwards.hint")}>
      {forwards.length === 0 ? (
        <p className="text-muted">{t("forwards.none")}</p>
      ) : (
        <section aria-label={t("forwards.table")} tabIndex={0} className="overflow-x-auto">
          <table className="w-full border-collapse text-left">
            <thead>
              <tr>
                {headers.map((header) => (
                  <th key={header} scope="col" className="py-1 pr-6 text-sm font-normal text-muted">
                    {t(`forwards.${header}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {forwards.map(({ protocol, hostAddress, hostPort, container, status, why }) => (
                <tr key={`${protocol} ${hostAddress} ${hostPort}`} className="border-t border-line align-top">
                  <td className="py-1 pr-6">
                    <StateChip tone={status === "open" ? "running" : "failed"} label={t(`forwards.${status}`)} />
                  </td>
                  <td className="py-1 pr-6 font-mono text-sm whitespace-nowrap select-text">
                    {hostAddress}:{hostPort}/{protocol}
                  </td>
                  <td className="max-w-60 truncate py-1 pr-6" data-tip-cut="">
                    {container}
                  </td>
                  <td className="py-1 break-words text-muted select-text">{why}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Group>
  );
}
