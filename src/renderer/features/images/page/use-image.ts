import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { type AppError, type ImageDetails, toAppError } from "#contract";
import { useReadiness } from "../../../hooks/use-engine.ts";
import { useLiveList } from "../../../hooks/use-live.ts";
import { client } from "../../../lib/client.ts";
import { shortId } from "../../../lib/format.ts";
import { imagesSource } from "../../../lib/sources.ts";

interface ImageOfPage {
  /** As it stands in the URL. */
  readonly id: string;
  readonly details: ImageDetails | undefined;
  readonly error: AppError | undefined;
}

/** The image of this page. Its tags follow the live list; the rest of an image never changes. */
export function useImage(): ImageOfPage {
  const { id = "" } = useParams({ strict: false });
  const readiness = useReadiness();
  const list = useLiveList(imagesSource).items;
  const summary = useMemo(() => list?.find((image) => shortId(image.id) === shortId(id)), [list, id]);
  const { data, error } = useQuery({
    queryKey: ["images", "details", id],
    queryFn: ({ signal }) => client.images.inspect({ id }, { signal }),
    enabled: readiness.ready,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const details = useMemo(
    () => data && (summary ? { ...data, tags: [...summary.tags], digests: [...summary.digests] } : data),
    [data, summary],
  );
  return { id, details, error: error ? toAppError(error) : undefined };
}
