import { useTranslation } from "react-i18next";
import { showName } from "./file-format.ts";

/** The way from the volume to the folder that is shown. */
export function Breadcrumbs({ volume, path, onGo }: { volume: string; path: string; onGo: (path: string) => void }) {
  const { t } = useTranslation("files");
  const parts = path === "" ? [] : path.split("/");
  const steps = [
    { label: volume, path: "" },
    ...parts.map((part, index) => ({ label: showName(part), path: parts.slice(0, index + 1).join("/") })),
  ];
  return (
    <nav aria-label={t("path")} className="flex min-w-0 flex-wrap items-center gap-0.5">
      {steps.map((step, index) => (
        <span key={step.path} className="flex min-w-0 items-center gap-0.5">
          {index > 0 && <span className="text-faint">/</span>}
          <button
            type="button"
            aria-current={index === steps.length - 1 ? "location" : undefined}
            onClick={() => onGo(step.path)}
            className="focus-inset min-h-6 max-w-60 truncate rounded-sm px-1 hover:bg-hover"
          >
            {step.label}
          </button>
        </span>
      ))}
    </nav>
  );
}
