export const networks = {
  title: "Networks",
  search: "Search networks",
  builtIn: "built-in",
  internal: "internal",
  ipv6: "IPv6",
  column: { driver: "Driver", scope: "Scope", subnets: "Subnets", members: "Containers", id: "ID" },
  filter: { all: "All", custom: "Custom", builtIn: "Built-in" },
  empty: {
    title: "No networks yet",
    body: "Containers on one network reach each other by name. Create one, and it appears here.",
    command: "docker network create app",
  },
  copyName: "Copy name {{name}}",
  copyId: "Copy ID of {{name}}",
} as const;
