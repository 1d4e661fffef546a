import { type ReactNode, useId } from "react";

interface GroupProps {
  readonly title: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

/** One part of the page under its heading. */
export function Group({ title, hint, children }: GroupProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4 border-b border-line py-5 last:border-b-0">
      <div>
        <h2 id={id} className="text-lg font-medium">
          {title}
        </h2>
        {hint && <p className="text-sm text-muted">{hint}</p>}
      </div>
      {children}
    </section>
  );
}

interface ActionRowProps {
  readonly title: string;
  readonly hint: string;
  readonly children: ReactNode;
}

/** Something that can be done, what it does, and its button. */
export function ActionRow({ title, hint, children }: ActionRowProps) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1.5">
      <div className="min-w-48 grow basis-80">
        <span className="font-medium">{title}</span>
        <p className="text-sm text-muted">{hint}</p>
      </div>
      <div className="flex flex-wrap items-center gap-2">{children}</div>
    </div>
  );
}
