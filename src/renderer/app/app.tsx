import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useMemo } from "react";
import { ToastLayer } from "../components/ui/toast-layer.tsx";
import { TooltipLayer } from "../components/ui/tooltip-layer.tsx";
import { queryClient } from "../lib/query-client.ts";
import { createAppRouter } from "./router.tsx";
import { useLook } from "./use-look.ts";

/** The server puts a fresh nonce into the page at each load; what adds `<style>` elements needs it. */
function readNonce(): string | undefined {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]');
  return meta?.content || undefined;
}

function Look() {
  useLook();
  return null;
}

/** Everything that all screens share. */
export function App() {
  const router = useMemo(() => createAppRouter(), []);
  return (
    <CSPProvider nonce={readNonce()}>
      <QueryClientProvider client={queryClient}>
        <Look />
        <RouterProvider router={router} />
        <ToastLayer />
        <TooltipLayer />
      </QueryClientProvider>
    </CSPProvider>
  );
}
