import { access } from "node:fs/promises";
import { ImageBuildError } from "./build-error.ts";

const keyringFolder = "/usr/share/keyrings";

/** The host's keyring that holds Debian's archive keys; apt checks every list against it. */
export async function archiveKeyring(suite: string): Promise<string> {
  const candidates = [`${keyringFolder}/debian-archive-keyring.gpg`, `${keyringFolder}/debian-archive-keyring.pgp`];
  for (const path of candidates) {
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw new ImageBuildError(
    `Debian's archive keys are missing on this host, so the packages of ${suite} cannot be verified. Install the package debian-archive-keyring.`,
  );
}
