import { toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { descriptors } from './validate.ts';

/** Lets `grpcurl` list and call the services without their .proto files (gRPC server reflection, v1 and v1alpha). */
export function addReflection(server: Server, services: string[]): void {
  // raw descriptors, not proto-loader's descriptor set: that one regroups files by package and loses their imports
  const fileDescriptorProtos = [...descriptors.files].map((file) =>
    Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)),
  );
  const definition = { files: { fileDescriptorProtos } } as never;
  new ReflectionService(definition, { services: [...services, 'grpc.health.v1.Health'] }).addToServer(server);
}
