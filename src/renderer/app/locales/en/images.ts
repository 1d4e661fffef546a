export const images = {
  title: "Images",
  search: "Search images",
  untagged: "untagged",
  column: { repository: "Repository", tag: "Tag", id: "ID", size: "Size" },
  filter: { all: "All", tagged: "Tagged", dangling: "Dangling" },
  empty: {
    title: "No images yet",
    body: "An image is the file system and settings that a container starts from. Pull one, and it appears here.",
    command: "docker pull alpine",
  },
  copyId: "Copy ID of {{name}}",
  copyReference: "Copy reference {{name}}",
} as const;
