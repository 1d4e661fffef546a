import type { ReactNode } from "react";

interface SettingProps {
  readonly label: string;
  readonly hint: string;
  readonly children: ReactNode;
}

/** A value with its name, what it means, and the control. */
export function Setting({ label, hint, children }: SettingProps) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1.5">
      <div className="min-w-0 max-w-110">
        <span className="font-medium">{label}</span>
        <p className="text-sm text-muted">{hint}</p>
      </div>
      {children}
    </div>
  );
}

/** Settings that belong together. */
export function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-4 border-b border-line py-5 last:border-b-0">
      <h2 className="text-lg font-medium">{title}</h2>
      {children}
    </section>
  );
}
