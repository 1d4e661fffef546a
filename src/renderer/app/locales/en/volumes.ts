export const volumes = {
  title: "Volumes",
  search: "Search volumes",
  column: { driver: "Driver", usedBy: "Used by", mountpoint: "Mountpoint" },
  filter: { all: "All", inUse: "In use", unused: "Unused" },
  usedBy_one: "{{count}} container",
  usedBy_other: "{{count}} containers",
  unused: "Unused",
  empty: {
    title: "No volumes yet",
    body: "A volume keeps a container's data after the container is gone. Create one, and it appears here.",
    command: "docker volume create data",
  },
  copyName: "Copy name {{name}}",
  copyMountpoint: "Copy mountpoint of {{name}}",
} as const;
