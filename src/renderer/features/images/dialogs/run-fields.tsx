import { Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { TakenPort } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { IconButton } from "../../../components/ui/icon-button.tsx";
import { inputLook } from "../../../components/ui/text-field.tsx";
import { newKey, type RunForm } from "./run-form.ts";
import { takenIn } from "./use-taken-ports.ts";

interface FieldsProps {
  readonly form: RunForm;
  readonly change: (next: Partial<RunForm>) => void;
}

interface CellProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
}

function Cell({ label, value, onChange, placeholder }: CellProps) {
  return (
    <input
      type="text"
      aria-label={label}
      value={value}
      placeholder={placeholder ?? label}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
      className={`${inputLook} min-w-0 font-mono text-sm`}
    />
  );
}

interface RowsProps<T extends { key: number }> {
  readonly title: string;
  readonly add: string;
  readonly rows: readonly T[];
  readonly onAdd: () => void;
  readonly onRemove: (key: number) => void;
  readonly cells: (row: T, number: number) => ReactNode;
  /** What is to be said about a row, below it. */
  readonly note?: (row: T) => ReactNode;
}

function Rows<T extends { key: number }>({ title, add, rows, onAdd, onRemove, cells, note }: RowsProps<T>) {
  const { t } = useTranslation("images");
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 font-medium">{title}</legend>
      {rows.map((row, index) => (
        <div key={row.key} className="flex flex-col gap-1">
          <div className="flex items-center gap-1.5">
            {cells(row, index + 1)}
            <IconButton
              icon={X}
              label={t("runDialog.remove", { what: t("runDialog.row", { what: title, number: index + 1 }) })}
              onClick={() => onRemove(row.key)}
            />
          </div>
          {note?.(row)}
        </div>
      ))}
      <Button tone="quiet" icon={Plus} className="self-start" onClick={onAdd}>
        {add}
      </Button>
    </fieldset>
  );
}

/** Rows with one of them changed. */
function withChange<T extends { key: number }>(rows: readonly T[], key: number, change: Partial<T>): T[] {
  return rows.map((row) => (row.key === key ? { ...row, ...change } : row));
}

interface TakenNoteProps {
  readonly taken: TakenPort;
  readonly onUse: (port: number) => void;
}

/** Who holds a port, and one that is free in its place. */
function TakenNote({ taken: { port, container, free }, onUse }: TakenNoteProps) {
  const { t } = useTranslation("images");
  const words = container ? t("runDialog.takenBy", { port, name: container }) : t("runDialog.takenByProgram", { port });
  return (
    <p role="alert" className="flex flex-wrap items-center gap-2 text-sm text-failed">
      {words}
      {free !== undefined && <Button onClick={() => onUse(free)}>{t("runDialog.usePort", { port: free })}</Button>}
    </p>
  );
}

/** Ports to publish; the host's side is suggested free, and looked at as it is typed. */
export function PortFields({ form: { ports }, change, taken }: FieldsProps & { readonly taken: readonly TakenPort[] }) {
  const { t } = useTranslation("images");
  const named = (what: string, number: number): string => t("runDialog.row", { what, number });
  return (
    <Rows
      title={t("runDialog.ports")}
      add={t("runDialog.addPort")}
      rows={ports}
      onAdd={() => change({ ports: [...ports, { key: newKey(), containerPort: "", hostPort: "", protocol: "tcp" }] })}
      onRemove={(key) => change({ ports: ports.filter((row) => row.key !== key) })}
      cells={(row, number) => (
        <>
          <Cell
            label={named(t("runDialog.hostPort"), number)}
            placeholder={t("runDialog.hostPort")}
            value={row.hostPort}
            onChange={(hostPort) => change({ ports: withChange(ports, row.key, { hostPort }) })}
          />
          <span aria-hidden="true">→</span>
          <Cell
            label={named(t("runDialog.containerPort"), number)}
            placeholder={t("runDialog.containerPort")}
            value={row.containerPort}
            onChange={(containerPort) => change({ ports: withChange(ports, row.key, { containerPort }) })}
          />
          <span className="w-8 shrink-0 text-muted">{row.protocol}</span>
        </>
      )}
      note={(row) => {
        const found = takenIn(taken, row);
        const onUse = (free: number): void => change({ ports: withChange(ports, row.key, { hostPort: String(free) }) });
        return found && <TakenNote taken={found} onUse={onUse} />;
      }}
    />
  );
}

/** Variables beside those of the image. */
export function EnvFields({ form: { env }, change }: FieldsProps) {
  const { t } = useTranslation("images");
  const named = (what: string, number: number): string => t("runDialog.row", { what, number });
  return (
    <Rows
      title={t("runDialog.env")}
      add={t("runDialog.addEnv")}
      rows={env}
      onAdd={() => change({ env: [...env, { key: newKey(), name: "", value: "" }] })}
      onRemove={(key) => change({ env: env.filter((row) => row.key !== key) })}
      cells={(row, number) => (
        <>
          <Cell
            label={named(t("runDialog.envName"), number)}
            placeholder={t("runDialog.envName")}
            value={row.name}
            onChange={(name) => change({ env: withChange(env, row.key, { name }) })}
          />
          <Cell
            label={named(t("runDialog.envValue"), number)}
            placeholder={t("runDialog.envValue")}
            value={row.value}
            onChange={(value) => change({ env: withChange(env, row.key, { value }) })}
          />
        </>
      )}
    />
  );
}

/** Volumes and folders; without a source the engine makes an anonymous volume. */
export function VolumeFields({ form: { volumes }, change }: FieldsProps) {
  const { t } = useTranslation("images");
  const named = (what: string, number: number): string => t("runDialog.row", { what, number });
  return (
    <Rows
      title={t("runDialog.volumes")}
      add={t("runDialog.addVolume")}
      rows={volumes}
      onAdd={() => change({ volumes: [...volumes, { key: newKey(), source: "", target: "", readOnly: false }] })}
      onRemove={(key) => change({ volumes: volumes.filter((row) => row.key !== key) })}
      cells={(row, number) => (
        <>
          <Cell
            label={named(t("runDialog.source"), number)}
            placeholder={t("runDialog.source")}
            value={row.source}
            onChange={(source) => change({ volumes: withChange(volumes, row.key, { source }) })}
          />
          <span aria-hidden="true">→</span>
          <Cell
            label={named(t("runDialog.target"), number)}
            placeholder={t("runDialog.target")}
            value={row.target}
            onChange={(target) => change({ volumes: withChange(volumes, row.key, { target }) })}
          />
          <Checkbox
            className="shrink-0"
            checked={row.readOnly}
            onChange={(readOnly) => change({ volumes: withChange(volumes, row.key, { readOnly }) })}
          >
            {t("runDialog.readOnly")}
          </Checkbox>
        </>
      )}
    />
  );
}
