import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "../../lib/clipboard.ts";
import { IconButton } from "./icon-button.tsx";

const tickMs = 1_200;

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for the accessible name: "Copy {name}". */
  readonly name: string;
  readonly className?: string;
}

/** Copies, and shows a tick for a moment. */
export function CopyButton({ text, name, className }: CopyButtonProps) {
  const { t } = useTranslation();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), tickMs);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async (): Promise<void> => setDone(await copyText(text));
  return (
    <IconButton
      icon={done ? Check : Copy}
      label={t("copyNamed", { name })}
      tip={done ? t("copied") : t("copy")}
      onClick={() => void copy()}
      {...(className ? { className } : {})}
    />
  );
}
