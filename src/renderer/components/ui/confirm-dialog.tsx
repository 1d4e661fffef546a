import { AlertDialog } from "@base-ui/react/alert-dialog";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import { TextField } from "./text-field.tsx";

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** Verb and object: `Remove web`. */
  readonly title: string;
  /** What happens; always said. */
  readonly consequence: string;
  /** The button: the verb alone. */
  readonly verb: string;
  readonly onConfirm: () => void;
  /** The name to be typed first, for what cannot be had back. */
  readonly typeName?: string | undefined;
  readonly disabledReason?: string | undefined;
  readonly children?: ReactNode;
}

/** Enter on a field or on the window itself never destroys; only the button, pressed by itself, does. */
function keepEnter(event: KeyboardEvent): void {
  if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) event.preventDefault();
}

function Body(props: ConfirmDialogProps & { readonly cancelRef: React.RefObject<HTMLButtonElement | null> }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const { typeName, disabledReason, verb, title, consequence, children, cancelRef } = props;
  const missing = typeName !== undefined && typed !== typeName ? t("typeName", { name: typeName }) : undefined;
  const confirm = (): void => {
    props.onClose();
    props.onConfirm();
  };
  return (
    <>
      <div className="flex flex-col gap-3 px-4 pt-3.5 pb-4">
        <AlertDialog.Title className="text-lg font-medium break-words">{title}</AlertDialog.Title>
        <AlertDialog.Description className="text-muted">{consequence}</AlertDialog.Description>
        {children}
        {typeName !== undefined && (
          <TextField
            label={t("typeName", { name: typeName })}
            value={typed}
            onChange={setTyped}
            mono
            autoComplete="off"
          />
        )}
      </div>
      <div className="flex justify-end gap-2 border-t border-line px-4 py-3">
        <Button ref={cancelRef} onClick={props.onClose}>
          {t("cancel")}
        </Button>
        <Button tone="danger" disabledReason={disabledReason ?? missing} onClick={confirm}>
          {verb}
        </Button>
      </div>
    </>
  );
}

/** The question before anything is destroyed: the focus starts on Cancel, and Esc cancels. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const cancelRef = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog.Root open={props.open} onOpenChange={(next) => !next && props.onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <AlertDialog.Viewport className="fixed inset-0 z-40 flex items-start justify-center overflow-y-auto p-4 pt-[14vh]">
          <AlertDialog.Popup
            initialFocus={cancelRef}
            onKeyDown={keepEnter}
            className="popup flex w-full max-w-[440px] flex-col rounded-lg"
          >
            <Body {...props} cancelRef={cancelRef} />
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
