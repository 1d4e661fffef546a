/** The instruction without what the builder puts around it. */
export function shortCommand(command: string): string {
  return command
    .replace(/^\/bin\/sh -c #\(nop\)\s+/, "")
    .replace(/^(?:RUN )?(?:\|\d+ (?:\S+=\S* )*)?\/bin\/sh -c /, "RUN ")
    .replace(/ # buildkit$/, "")
    .trim();
}
