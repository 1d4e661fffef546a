import { QueryClient } from "@tanstack/react-query";

/** Server state arrives by streams, so nothing is fetched again by itself and nothing grows stale by time. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
      refetchOnWindowFocus: false,
      structuralSharing: false,
    },
    mutations: { retry: false },
  },
});
