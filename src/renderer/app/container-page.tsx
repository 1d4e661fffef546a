import { useParams } from "@tanstack/react-router";
import { ContainerPage } from "../features/containers/container-page.tsx";
import { containerTabs } from "./container-tabs.ts";

/** Joins the page of a container with the tabs that several features bring. */
export function ContainerRoute() {
  const { id = "" } = useParams({ strict: false });
  return <ContainerPage key={id} id={id} tabs={containerTabs} />;
}
