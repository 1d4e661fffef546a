import { Toast } from "@base-ui/react/toast";
import { CircleAlert, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { copyText } from "../../lib/clipboard.ts";
import { type ToastData, toasts } from "../../lib/notify.ts";
import { Button } from "./button.tsx";
import { IconButton } from "./icon-button.tsx";

type ToastObject = ReturnType<typeof Toast.useToastManager<ToastData>>["toasts"][number];

function ToastCard({ toast }: { readonly toast: ToastObject }) {
  const { t } = useTranslation();
  const manager = Toast.useToastManager();
  const { details, action } = toast.data ?? {};
  return (
    <Toast.Root
      toast={toast}
      swipeDirection={["right"]}
      className="popup pointer-events-auto w-full translate-x-(--toast-swipe-movement-x) data-limited:hidden"
    >
      <Toast.Content className="flex items-start gap-2 p-3">
        {toast.type === "error" && <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-failed" />}
        <div className="flex min-w-0 grow flex-col gap-0.5">
          <Toast.Title className="font-medium break-words" />
          <Toast.Description className="break-words text-muted" />
          {(details || action) && (
            <div className="mt-1.5 flex gap-2">
              {action && (
                <Button
                  onClick={() => {
                    manager.close(toast.id);
                    action.run();
                  }}
                >
                  {action.label}
                </Button>
              )}
              {details && <Button onClick={() => void copyText(details)}>{t("copyDetails")}</Button>}
            </div>
          )}
        </div>
        <Toast.Close render={<IconButton icon={X} label={t("dismiss")} />} />
      </Toast.Content>
    </Toast.Root>
  );
}

function ToastList() {
  const { toasts: shown } = Toast.useToastManager<ToastData>();
  return shown.map((toast) => <ToastCard key={toast.id} toast={toast} />);
}

/** Where notices appear: bottom right, above the status bar, the newest below. */
export function ToastLayer() {
  const { t } = useTranslation();
  return (
    <Toast.Provider toastManager={toasts} limit={4}>
      <Toast.Portal>
        <Toast.Viewport
          aria-label={t("notifications")}
          className="pointer-events-none fixed right-3 bottom-9 z-60 flex w-[min(380px,calc(100vw-24px))] flex-col-reverse gap-2 outline-none"
        >
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
