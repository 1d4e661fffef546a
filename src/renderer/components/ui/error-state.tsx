import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { copyAndTell } from "../../lib/clipboard.ts";
import { Button } from "./button.tsx";

interface ErrorStateProps {
  readonly title: string;
  /** What happened, to what, and what to do next. */
  readonly message: string;
  /** What the copy button copies; the title and message where absent. */
  readonly details?: string;
  readonly onRetry?: () => void;
  readonly children?: ReactNode;
}

/** Something failed and fills its place: said plainly, with a way on. */
export function ErrorState({ title, message, details, onRetry, children }: ErrorStateProps) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="flex h-full min-h-60 flex-col items-center justify-center gap-3 p-6 text-center">
      <CircleAlert size={28} strokeWidth={1.4} aria-hidden className="text-failed" />
      <h2 className="text-lg font-medium">{title}</h2>
      <p className="max-w-120 break-words text-muted">{message}</p>
      {children}
      <div className="flex flex-wrap justify-center gap-2">
        {onRetry && (
          <Button tone="primary" onClick={onRetry}>
            {t("retry")}
          </Button>
        )}
        <Button onClick={() => void copyAndTell(details ?? `${title}\n${message}`)}>{t("copyDetails")}</Button>
      </div>
    </div>
  );
}
