import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { useReadiness } from "../../hooks/use-engine.ts";
import type { Submit } from "../../hooks/use-submit.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";

interface FormDialogProps {
  readonly title: string;
  /** The main button. */
  readonly verb: string;
  readonly form: Pick<Submit, "busy" | "submit"> & {
    /** What went wrong as a whole; what is wrong with one field is said at the field. */
    readonly error: { readonly message: string } | undefined;
  };
  readonly onClose: () => void;
  readonly disabledReason?: string | undefined;
  /** False for what works while the engine is away. */
  readonly needsEngine?: boolean;
  readonly danger?: boolean;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A dialog with fields: Enter submits, what went wrong is said above the buttons. */
export function FormDialog({
  title,
  verb,
  form,
  onClose,
  disabledReason,
  needsEngine = true,
  danger,
  wide,
  children,
}: FormDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const readiness = useReadiness();
  const off = readiness.ready || !needsEngine ? disabledReason : readiness.reason;
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      wide={wide ?? false}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button tone={danger ? "danger" : "primary"} type="submit" form={id} busy={form.busy} disabledReason={off}>
            {verb}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!off) form.submit();
        }}
      >
        {children}
        {form.error && (
          <p role="alert" className="break-words text-failed">
            {form.error.message}
          </p>
        )}
      </form>
    </Dialog>
  );
}
