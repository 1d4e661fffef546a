import {
  Box,
  Hammer,
  HardDrive,
  Layers,
  type LucideIcon,
  Network,
  ScrollText,
  Settings,
  Warehouse,
} from "lucide-react";

export interface Screen {
  readonly id: "containers" | "logs" | "images" | "volumes" | "networks" | "builds" | "registries" | "settings";
  readonly to: string;
  readonly icon: LucideIcon;
}

/** What the sidebar and the palette lead to, in this order. A new screen is one line here and one route. */
export const screens: readonly Screen[] = [
  { id: "containers", to: "/containers", icon: Box },
  { id: "logs", to: "/logs", icon: ScrollText },
  { id: "images", to: "/images", icon: Layers },
  { id: "volumes", to: "/volumes", icon: HardDrive },
  { id: "networks", to: "/networks", icon: Network },
  { id: "builds", to: "/builds", icon: Hammer },
  { id: "registries", to: "/registries", icon: Warehouse },
  { id: "settings", to: "/settings", icon: Settings },
];
