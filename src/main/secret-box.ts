import { safeStorage } from "electron";
import type { SecretBox } from "#engine";

/** How the user knows what holds the key. */
const linuxKeepers: Readonly<Record<string, string>> = {
  gnome_libsecret: "the desktop's keyring",
  kwallet: "KWallet",
  kwallet5: "KWallet",
  kwallet6: "KWallet",
};

/** Name of the keeper; undefined where Electron would only scramble with a key that stands in its own source. */
function keeperName(platform: NodeJS.Platform): string | undefined {
  if (platform === "darwin") return "Keychain";
  if (platform === "win32") return "Windows (DPAPI)";
  return linuxKeepers[safeStorage.getSelectedStorageBackend()];
}

/** The operating system's encryption for this user, or undefined where there is none worth the name. May ask the user. */
export async function openSecretBox(platform: NodeJS.Platform): Promise<SecretBox | undefined> {
  const name = keeperName(platform);
  if (name === undefined || !(await safeStorage.isAsyncEncryptionAvailable())) return undefined;
  return {
    name,
    encrypt: (text) => safeStorage.encryptStringAsync(text),
    async decrypt(bytes) {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(bytes));
      return { text: result, isStale: shouldReEncrypt };
    },
  };
}
