import { type BuildRequest, parseImageReference, platform } from "#contract";

/** What stands in the build form, as it is typed. */
export interface BuildForm {
  readonly context: string;
  readonly dockerfile: string;
  readonly tags: string;
  readonly args: string;
  readonly target: string;
  readonly platform: string;
  readonly secrets: string;
  readonly noCache: boolean;
  readonly pull: boolean;
}

export const emptyBuildForm: BuildForm = {
  context: "",
  dockerfile: "Dockerfile",
  tags: "",
  args: "",
  target: "",
  platform: "",
  secrets: "",
  noCache: false,
  pull: false,
};

interface Problems {
  readonly tags?: string;
  readonly args?: string;
  readonly platform?: string;
  readonly secrets?: string;
}

/** `NAME=value` lines; undefined where one is none. */
function readPairs(text: string): { name: string; value: string }[] | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const pairs = lines.map((line) => /^\s*([A-Za-z_][\w.-]*)=(.*)$/.exec(line));
  if (pairs.includes(null)) return undefined;
  return pairs.map((pair) => ({ name: pair?.[1] ?? "", value: pair?.[2] ?? "" }));
}

/** The request that the form stands for, and what is wrong with it by field. */
export function readBuildForm(form: BuildForm): { request: BuildRequest; problems: Problems } {
  const tags = form.tags.split(/[\s,]+/).filter(Boolean);
  const wrongTag = tags.map(parseImageReference).find((result) => !result.ok);
  const args = readPairs(form.args);
  const secrets = readPairs(form.secrets);
  const platformOk = form.platform === "" || platform.safeParse(form.platform).success;
  const problems: Problems = {
    ...(wrongTag && !wrongTag.ok ? { tags: wrongTag.problem } : {}),
    ...(args ? {} : { args: "args" }),
    ...(secrets?.every(({ value }) => value !== "") ? {} : { secrets: "secrets" }),
    ...(platformOk ? {} : { platform: "platform" }),
  };
  const request: BuildRequest = {
    context: form.context,
    dockerfile: form.dockerfile,
    tags,
    args: args ?? [],
    target: form.target,
    ...(form.platform === "" ? {} : { platform: form.platform }),
    noCache: form.noCache,
    pull: form.pull,
    secrets: (secrets ?? []).map(({ name, value }) => ({ id: name, path: value.trim() })),
  };
  return { request, problems };
}
