import { CopyButton } from "./copy-button.tsx";

/** A command to run elsewhere, with a button to copy it. */
export function CommandLine({ command }: { readonly command: string }) {
  return (
    <div className="flex max-w-full items-start gap-1 rounded-md border border-line bg-sunken py-1 pr-1 pl-2.5">
      <code className="min-w-0 grow self-center font-mono text-sm break-all select-text">{command}</code>
      <CopyButton text={command} name={command} />
    </div>
  );
}
