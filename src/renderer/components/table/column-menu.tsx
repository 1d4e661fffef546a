import { Columns3 } from "lucide-react";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePopupButton } from "../../hooks/use-popup-button.ts";
import { lazyPart } from "../../lib/load-part.ts";
import { IconButton } from "../ui/icon-button.tsx";
import type { DataColumn } from "./column.ts";
import { useColumns } from "./use-columns.ts";

const loadMenu = () => import("../ui/menu.tsx");
const MenuAt = lazyPart(loadMenu, "MenuAt");
const MenuCheck = lazyPart(loadMenu, "MenuCheck");

interface ColumnMenuProps<T> {
  readonly table: string;
  readonly columns: readonly DataColumn<T>[];
}

/** Which columns a list shows. */
export function ColumnMenu<T>({ table, columns }: ColumnMenuProps<T>) {
  const { t } = useTranslation();
  const { isVisible, setVisible } = useColumns(table, columns, Number.POSITIVE_INFINITY);
  const [button, setButton] = useState<HTMLButtonElement | null>(null);
  const popup = usePopupButton("menu");
  return (
    <>
      <IconButton ref={setButton} icon={Columns3} label={t("table.columns")} className="size-7" {...popup.button} />
      {popup.asked && (
        <Suspense>
          <MenuAt
            anchor={popup.open && button ? button : undefined}
            label={t("table.columns")}
            onClose={() => popup.setOpen(false)}
          >
            {columns
              .filter(({ fixed }) => !fixed)
              .map((column) => (
                <MenuCheck
                  key={column.id}
                  checked={isVisible(column)}
                  onChange={(visible) => setVisible(column, visible)}
                >
                  {column.header}
                </MenuCheck>
              ))}
          </MenuAt>
        </Suspense>
      )}
    </>
  );
}
