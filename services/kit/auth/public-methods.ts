const HEALTH = ['/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Watch'];
const REFLECTION = [
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
  '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
];

/** The methods that need no token: health, and reflection if it is on. */
export function publicMethods({ reflection }: { reflection: boolean }): ReadonlySet<string> {
  return new Set(reflection ? [...HEALTH, ...REFLECTION] : HEALTH);
}
