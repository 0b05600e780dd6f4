import { createRegistry, fromBinary, fromJsonString, toBinary, toJsonString } from '@bufbuild/protobuf';
import { descriptors, PORTS } from '@crm/kit';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { parseArgs } from 'node:util';

/**
 * The part of grpcurl that README's calls need, for machines without it: `-plaintext`, `-H`, `-d`, an address
 * of localhost, a method. The output is the same JSON. PORT_OFFSET is added to the port.
 */
const { values, positionals } = parseArgs({
  // single hyphens, as in Go
  args: process.argv.slice(2).map((arg) => (/^-(plaintext)$/.test(arg) ? `-${arg}` : arg)),
  allowPositionals: true,
  options: {
    plaintext: { type: 'boolean' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    data: { type: 'string', short: 'd', default: '{}' },
  },
});
const [address = '', path = ''] = positionals;
const [service = '', name] = path.split('/');
const method = descriptors.getService(service)?.methods.find((one) => one.name === name);
const [host, port] = address.split(':');
if (
  !values.plaintext ||
  host !== 'localhost' ||
  PORTS[service.split('.')[0] as keyof typeof PORTS] !== Number(port)
) {
  throw new Error(`not a local service's address: ${address} ${path}`);
}
if (!method || method.methodKind !== 'unary') throw new Error(`no such method: ${path}`);

const registry = createRegistry(...descriptors);
const metadata = new Metadata();
for (const header of values.header) metadata.set(...(header.split(': ') as [string, string]));
const client = new Client(
  `${host}:${Number(port) + Number(process.env.PORT_OFFSET)}`,
  credentials.createInsecure(),
);
client.makeUnaryRequest(
  `/${path}`,
  (bytes: Buffer) => bytes,
  (bytes: Buffer) => bytes,
  Buffer.from(toBinary(method.input, fromJsonString(method.input, values.data, { registry }))),
  metadata,
  (error, answer) => {
    client.close();
    if (error) {
      console.error(error.message);
      process.exitCode = 1;
    } else {
      console.log(
        toJsonString(method.output, fromBinary(method.output, answer!), { registry, prettySpaces: 2 }),
      );
    }
  },
);
