import { FolderOpen } from "lucide-react";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { lazyPart } from "../../lib/load-part.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/text-field.tsx";

const BrowseDialog = lazyPart(() => import("./browse-dialog.tsx"), "BrowseDialog");

interface PathFieldProps {
  readonly label: string;
  /** What is looked for: a folder, a file that is there, or the place of a new file. */
  readonly kind: "folder" | "file" | "newFile";
  readonly value: string;
  readonly onChange: (path: string) => void;
  readonly hint?: string;
  readonly error?: string | undefined;
}

/** A path on the machine where Longshore runs, typed or chosen. */
export function PathField({ label, kind, value, onChange, hint, error }: PathFieldProps) {
  const { t } = useTranslation();
  const [browsing, setBrowsing] = useState(false);
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 grow">
        <TextField mono label={label} value={value} onChange={onChange} hint={hint} error={error} autoComplete="off" />
      </div>
      <Button
        icon={FolderOpen}
        className="mt-6"
        aria-label={t("browseFor", { what: label })}
        onClick={() => setBrowsing(true)}
      >
        {t("browse")}
      </Button>
      {browsing && (
        <Suspense>
          <BrowseDialog
            kind={kind}
            start={value}
            title={label}
            onChoose={onChange}
            onClose={() => setBrowsing(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
