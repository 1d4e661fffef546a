import { useTranslation } from "react-i18next";
import { useDelay } from "../../hooks/use-delay.ts";
import { classes } from "../../lib/classes.ts";

const widths = ["w-1/3", "w-1/2", "w-2/5", "w-1/4", "w-3/5"];

interface SkeletonProps {
  /** What is loading, for the words that come after a second. */
  readonly what: string;
  readonly rows?: number;
}

/** Loading: nothing for 300 ms, then the shape of the rows, words after 1 s, and after 5 s the reason. */
export function Skeleton({ what, rows = 8 }: SkeletonProps) {
  const { t } = useTranslation();
  const shape = useDelay(true, 300);
  const words = useDelay(true, 1_000);
  const slow = useDelay(true, 5_000);
  if (!shape) return <div aria-busy="true" />;
  return (
    <div aria-busy="true" className="relative p-4">
      <div aria-hidden="true" className="flex animate-pulse flex-col gap-5">
        {Array.from({ length: rows }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike and never move.
          <div key={index} className="flex gap-4">
            <div className={classes("h-3 rounded-sm bg-active", widths[index % widths.length])} />
            <div className="h-3 w-16 rounded-sm bg-active" />
          </div>
        ))}
      </div>
      <p role="status" className="mt-5 text-muted">
        {slow ? t("stillLoading") : words ? t("loading", { what }) : ""}
      </p>
    </div>
  );
}
