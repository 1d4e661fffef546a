import i18next from "i18next";
import { z } from "zod";
import { containerName } from "#contract";
import { splitCommand } from "../../../lib/command-line.ts";

/**
 * Docker's grammar of references, in short: an optional registry, lower-case path parts, then a tag, a digest or both
 * (`distribution/reference`). An image id is a name by this grammar too.
 */
const reference =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,})?$|^sha256:[0-9a-f]{64}$/;

const text = (key: "imageRequired" | "imageInvalid" | "nameInvalid" | "commandInvalid"): string =>
  i18next.t(`containers:dialog.create.${key}`);

export function isReference(image: string): boolean {
  return image.length <= 512 && reference.test(image);
}

/** What the form takes, with a message for the field where it is wrong. */
export const createForm = z.object({
  image: z
    .string()
    .trim()
    .superRefine((image, context) => {
      if (image === "") context.addIssue({ code: "custom", message: text("imageRequired") });
      else if (!isReference(image)) context.addIssue({ code: "custom", message: text("imageInvalid") });
    }),
  name: z
    .string()
    .trim()
    .superRefine((name, context) => {
      const isValid = name === "" || containerName.safeParse(name).success;
      if (!isValid) context.addIssue({ code: "custom", message: text("nameInvalid") });
    }),
  command: z.string().superRefine((command, context) => {
    if ("error" in splitCommand(command)) context.addIssue({ code: "custom", message: text("commandInvalid") });
  }),
  start: z.boolean(),
});

export type CreateForm = z.infer<typeof createForm>;

/** The form as the engine takes it. */
export function toRequest({ image, name, command, start }: CreateForm) {
  const split = splitCommand(command);
  return { image, command: "words" in split ? [...split.words] : [], start, ...(name ? { name } : {}) };
}
