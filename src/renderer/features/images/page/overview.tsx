import { useTranslation } from "react-i18next";
import type { ImageDetails } from "#contract";
import { Fact, Facts, Rows, Section } from "../../../components/details/parts.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { Mono } from "../../../components/ui/mono.tsx";
import { formatBytes } from "../../../lib/format.ts";
import { useImage } from "./use-image.ts";

function Words({ words, none }: { readonly words: readonly string[]; readonly none: string }) {
  if (words.length === 0) return <span className="text-muted">{none}</span>;
  return (
    <Mono wrap text={words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(" ")} />
  );
}

function About({ details }: { readonly details: ImageDetails }) {
  const { t } = useTranslation(["images", "common"]);
  const { id, tags, digests, platform, sizeBytes, createdAt, author, comment } = details;
  return (
    <Section title={t("images:overview.about")}>
      <Facts>
        <Fact name={t("images:column.id")}>
          <Mono wrap text={id} copyName={t("images:column.id")} />
        </Fact>
        <Fact name={t("images:overview.tags")}>
          {tags.length === 0 ? (
            <span className="text-muted">{t("images:untagged")}</span>
          ) : (
            tags.map((tag) => (
              <div key={tag}>
                <Mono wrap text={tag} copyName={tag} />
              </div>
            ))
          )}
        </Fact>
        <Fact name={t("images:overview.digests")}>
          {digests.length === 0 ? (
            <span className="text-muted">{t("images:overview.noDigests")}</span>
          ) : (
            digests.map((digest) => (
              <div key={digest}>
                <Mono wrap text={digest} copyName={digest} />
              </div>
            ))
          )}
        </Fact>
        <Fact name={t("images:overview.platform")}>{platform}</Fact>
        <Fact name={t("images:overview.size")}>{formatBytes(sizeBytes)}</Fact>
        <Fact name={t("common:created")}>
          <AgoCell timeMs={createdAt} />
        </Fact>
        {author && <Fact name={t("images:overview.author")}>{author}</Fact>}
        {comment && <Fact name={t("images:overview.comment")}>{comment}</Fact>}
      </Facts>
    </Section>
  );
}

function Config({ details }: { readonly details: ImageDetails }) {
  const { t } = useTranslation(["images", "common"]);
  const none = t("common:none");
  const { entrypoint, command, workingDir, user, stopSignal, healthcheck, ports, volumes } = details;
  return (
    <Section title={t("images:overview.config")}>
      <Facts>
        <Fact name={t("images:overview.entrypoint")}>
          <Words words={entrypoint} none={none} />
        </Fact>
        <Fact name={t("images:overview.command")}>
          <Words words={command} none={none} />
        </Fact>
        <Fact name={t("images:overview.workingDir")}>
          <Mono wrap text={workingDir || "/"} />
        </Fact>
        <Fact name={t("images:overview.user")}>{user || t("images:overview.root")}</Fact>
        <Fact name={t("images:overview.ports")}>
          <Words words={ports} none={none} />
        </Fact>
        <Fact name={t("images:overview.volumes")}>
          <Words words={volumes} none={none} />
        </Fact>
        {stopSignal && <Fact name={t("images:overview.stopSignal")}>{stopSignal}</Fact>}
        {healthcheck.length > 0 && (
          <Fact name={t("images:overview.healthcheck")}>
            <Words words={healthcheck} none={none} />
          </Fact>
        )}
      </Facts>
    </Section>
  );
}

/** What an image is, and what a container from it would run. */
export function ImageOverview() {
  const { t } = useTranslation(["images", "common"]);
  const { details } = useImage();
  if (!details) return null;
  const labels = Object.entries(details.labels);
  return (
    <div className="h-full overflow-y-auto">
      <About details={details} />
      <Config details={details} />
      <Section title={t("images:overview.env")}>
        <Rows
          label={t("images:overview.tableOf", { what: t("images:overview.env") })}
          headers={[t("images:overview.variable"), t("images:overview.value")]}
          rows={details.env}
          keyOf={({ name }) => name}
          none={t("common:none")}
          cells={({ name, value }) => [
            <Mono key="name" wrap text={name} />,
            <Mono key="value" wrap text={value} copyName={name} />,
          ]}
        />
      </Section>
      <Section title={t("images:overview.labels")}>
        <Rows
          label={t("images:overview.tableOf", { what: t("images:overview.labels") })}
          headers={[t("images:overview.key"), t("images:overview.value")]}
          rows={labels}
          keyOf={([key]) => key}
          none={t("common:none")}
          cells={([key, value]) => [<Mono key="key" wrap text={key} />, <Mono key="value" wrap text={value} />]}
        />
      </Section>
    </div>
  );
}
