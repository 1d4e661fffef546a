import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ErrorState } from "../../components/ui/error-state.tsx";

/** A screen that threw: the shell goes on around it. */
export function Crash({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation("shell");
  const router = useRouter();
  const stack = error instanceof Error ? error.stack : undefined;
  const retry = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <ErrorState
      title={t("crash.title")}
      message={t("crash.body")}
      details={`${location.hash}\n${stack ?? String(error)}`}
      onRetry={retry}
    >
      <code className="max-w-120 font-mono text-sm break-words select-text">
        {error instanceof Error ? error.message : String(error)}
      </code>
    </ErrorState>
  );
}
