import { ChevronDown } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type LogLevel, logLevels } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { Menu, MenuCheck } from "../../../components/ui/menu.tsx";

interface LevelsMenuProps {
  /** Absent means all. */
  readonly levels: readonly LogLevel[] | undefined;
  readonly onChange: (levels: readonly LogLevel[] | undefined) => void;
}

const gravest = [...logLevels].reverse();

/** Which levels are shown. */
export function LevelsMenu({ levels, onChange }: LevelsMenuProps) {
  const { t } = useTranslation("logs");
  const shown = new Set(levels ?? logLevels);
  const toggle = (level: LogLevel, on: boolean): void => {
    const next = logLevels.filter((each) => (each === level ? on : shown.has(each)));
    onChange(next.length === logLevels.length || next.length === 0 ? undefined : next);
  };
  const trigger = (
    <Button tone="quiet" className={levels ? "text-accent" : ""}>
      {levels ? t("tools.levelsSome", { count: levels.length }) : t("tools.levels")}
      <ChevronDown size={13} aria-hidden />
    </Button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuCheck checked={levels === undefined} onChange={() => onChange(undefined)}>
        {t("tools.allLevels")}
      </MenuCheck>
      {gravest.map((level) => (
        <MenuCheck key={level} checked={shown.has(level)} onChange={(on) => toggle(level, on)}>
          <span
            aria-hidden="true"
            className="size-2 rounded-full"
            style={{ backgroundColor: `var(--level-${level})` }}
          />
          {t(`level.${level}`)}
        </MenuCheck>
      ))}
    </Menu>
  );
}
