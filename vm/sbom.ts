import type { LockedPackage } from "./lock.ts";
import type { ImageManifest } from "./manifest.ts";

/** A bill of materials by SPDX 2.3: one package each, with the hash of the file it came from. */
export function makeSbom(manifest: ImageManifest, packages: readonly LockedPackage[]) {
  const rootId = "SPDXRef-Image";
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: `longshore-vm-${manifest.arch}`,
    documentNamespace: `https://longshore.invalid/spdx/${manifest.imageId}`,
    // Fixed, so that equal images have equal documents.
    creationInfo: { created: "1970-01-01T00:00:00Z", creators: ["Tool: longshore-vm-image"] },
    packages: [
      {
        SPDXID: rootId,
        name: `longshore-vm-${manifest.arch}`,
        versionInfo: manifest.imageId,
        downloadLocation: "NOASSERTION",
        filesAnalyzed: false,
      },
      ...packages.map((item) => describePackage(item, manifest)),
    ],
    relationships: [
      { spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: rootId },
      ...packages.map((item) => ({
        spdxElementId: rootId,
        relationshipType: "CONTAINS",
        relatedSpdxElement: idOf(item),
      })),
    ],
  };
}

function describePackage(item: LockedPackage, { arch, suite }: ImageManifest) {
  return {
    SPDXID: idOf(item),
    name: item.name,
    versionInfo: item.version,
    supplier: "Organization: Debian",
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    sourceInfo: `built from the Debian source package ${item.source}`,
    checksums: [{ algorithm: "SHA256", checksumValue: item.sha256 }],
    externalRefs: [
      {
        referenceCategory: "PACKAGE-MANAGER",
        referenceType: "purl",
        referenceLocator: `pkg:deb/debian/${item.name}@${encodeURIComponent(item.version)}?arch=${arch}&distro=${suite}`,
      },
    ],
  };
}

/** SPDX ids know letters, digits, dots and dashes only. */
function idOf(item: LockedPackage): string {
  return `SPDXRef-Package-${item.name.replace(/[^A-Za-z0-9.-]/g, "-")}`;
}
