import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { QueryClient } from '@tanstack/react-query';
import { sessionEnded } from './shell/session.ts';

/** What the server asks of every request that may change something: no other site can send it. */
export const OURS = { 'x-suivi': '1' };

const asOurs: Interceptor = (next) => async (request) => {
  for (const [name, value] of Object.entries(OURS)) request.header.set(name, value);
  try {
    return await next(request);
  } catch (error) {
    if (ConnectError.from(error).code === Code.Unauthenticated) sessionEnded();
    throw error;
  }
};

/** The way to the services, through the server of the pages. */
export const transport = createConnectTransport({
  baseUrl: '/rpc',
  useBinaryFormat: true,
  interceptors: [asOurs],
});

const MOST_RETRIES = 2;

/** What was read, for all pages. A refusal is not asked for again; a service that is away is. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) =>
        failures < MOST_RETRIES && ConnectError.from(error).code === Code.Unavailable,
    },
  },
});
