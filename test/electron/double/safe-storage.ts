import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import type Electron from "electron";

type Backend = ReturnType<Electron.SafeStorage["getSelectedStorageBackend"]>;

/** `ELECTRON_DOUBLE_KEYRING=BACKEND:PASSWORD`. Without it, what Electron finds on a Linux without a desktop. */
const [backend = "basic_text", password = "peanuts"] = (process.env.ELECTRON_DOUBLE_KEYRING ?? "basic_text").split(":");

const key = createHash("sha256").update(password).digest();
const ivBytes = 12;
const tagBytes = 16;

/** Stands for Electron's `safeStorage`: the asynchronous half, over a key that outlives the process. */
export const safeStorage = {
  getSelectedStorageBackend: () => backend as Backend,
  // Electron says yes to `basic_text` too; that it is no protection is for the app to know.
  isAsyncEncryptionAvailable: async () => true,
  async encryptStringAsync(text) {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv("aes-256-gcm", key, iv);
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]);
  },
  async decryptStringAsync(encrypted) {
    const decipher = createDecipheriv("aes-256-gcm", key, encrypted.subarray(0, ivBytes));
    decipher.setAuthTag(encrypted.subarray(ivBytes, ivBytes + tagBytes));
    const result = decipher.update(encrypted.subarray(ivBytes + tagBytes)).toString("utf8") + decipher.final("utf8");
    return { result, shouldReEncrypt: false };
  },
} satisfies Pick<
  Electron.SafeStorage,
  "getSelectedStorageBackend" | "isAsyncEncryptionAvailable" | "encryptStringAsync" | "decryptStringAsync"
>;
