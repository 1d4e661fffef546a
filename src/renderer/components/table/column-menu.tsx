import { Columns3 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../ui/icon-button.tsx";
import { Menu, MenuCheck } from "../ui/menu.tsx";
import type { DataColumn } from "./column.ts";
import { useColumns } from "./use-columns.ts";

interface ColumnMenuProps<T> {
  readonly table: string;
  readonly columns: readonly DataColumn<T>[];
}

/** Which columns a list shows. */
export function ColumnMenu<T>({ table, columns }: ColumnMenuProps<T>) {
  const { t } = useTranslation();
  const { isVisible, setVisible } = useColumns(table, columns, Number.POSITIVE_INFINITY);
  return (
    <Menu align="end" trigger={<IconButton icon={Columns3} label={t("table.columns")} className="size-7" />}>
      {columns
        .filter(({ fixed }) => !fixed)
        .map((column) => (
          <MenuCheck key={column.id} checked={isVisible(column)} onChange={(visible) => setVisible(column, visible)}>
            {column.header}
          </MenuCheck>
        ))}
    </Menu>
  );
}
