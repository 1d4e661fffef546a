import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Suspense, useMemo } from "react";
import { ToastLayer } from "../components/ui/toast-layer.tsx";
import { useDelay } from "../hooks/use-delay.ts";
import { lazyPart } from "../lib/load-part.ts";
import { queryClient } from "../lib/query-client.ts";
import { createAppRouter } from "./router.tsx";
import { useLook } from "./use-look.ts";

/** Nobody reads a tooltip before the first screen stands; what places it would only delay that. */
const tooltipsAfterMs = 1_000;
const TooltipLayer = lazyPart(() => import("../components/ui/tooltip-layer.tsx"), "TooltipLayer");

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
        {useDelay(true, tooltipsAfterMs) && (
          <Suspense>
            <TooltipLayer />
          </Suspense>
        )}
      </QueryClientProvider>
    </CSPProvider>
  );
}
