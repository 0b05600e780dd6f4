import { toBinary, type DescFile } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type { handleBidiStreamingCall, Server, ServiceDefinition } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { descriptors } from './validate.ts';

type Handler = handleBidiStreamingCall<unknown, unknown>;
/** A version of the reflection protocol: its definition, and its functions by name. */
type Version = { definition: ServiceDefinition; handlers: Record<string, Handler> };

const HEALTH = 'grpc.health.v1.Health';

/**
 * Lets `grpcurl` list and call the services without their .proto files (gRPC server reflection, v1 and
 * v1alpha). Its data, about 14 MB per server, is built at the first request.
 */
export function addReflection(server: Server, services: string[]): void {
  let asked: Version[] | undefined;
  for (const [index, { definition, handlers }] of versions([], []).entries()) {
    const lazily = Object.keys(handlers).map((name): [string, Handler] => [
      name,
      (call) => {
        asked ??= versions(filesOf([...services, HEALTH]), [...services, HEALTH]);
        asked[index]!.handlers[name]!(call);
      },
    ]);
    server.addService(definition, Object.fromEntries(lazily));
  }
}

/** What the library would add to a server. */
function versions(files: DescFile[], services: string[]): Version[] {
  // raw descriptors, not proto-loader's descriptor set, which regroups files by package and loses their
  // imports
  const fileDescriptorProtos = files.map((file) =>
    Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)),
  );
  const added: Version[] = [];
  const server = {
    addService: (definition: ServiceDefinition, handlers: Version['handlers']) =>
      added.push({ definition, handlers }),
  };
  new ReflectionService({ files: { fileDescriptorProtos } } as never, { services }).addToServer(server);
  return added;
}

/** The files with service definitions, and everything they import. */
function filesOf(services: string[]): DescFile[] {
  const files = new Set<DescFile>();
  const add = (file: DescFile): void => {
    if (files.has(file)) return;
    for (const imported of file.dependencies) add(imported);
    files.add(file);
  };
  for (const service of services) add(descriptors.getService(service)!.file);
  return [...files];
}
