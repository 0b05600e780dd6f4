import type { Process } from '@crm/kit';
import type { ServiceName } from '@crm/kit/ports';
import type { DescService } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';

/** A client of a service, by the local names of its methods. The token of whoever calls goes with each call. */
export function clientOf(
  service: DescService,
  { addressOf }: Pick<Process, 'addressOf'>,
): Record<string, unknown> {
  const address = addressOf(service.file.proto.package as ServiceName);
  return createClient(service, createGrpcTransport({ baseUrl: `http://${address}`, pingIntervalMs: 30_000 }));
}
