import type { DescMethodUnary } from '@bufbuild/protobuf';
import { useQueryClient } from '@tanstack/react-query';

/** Reads again what the pages have of some RPCs, whatever they asked. */
export function useReadAgain(): (...methods: DescMethodUnary[]) => Promise<unknown> {
  const queries = useQueryClient();
  return (...methods) =>
    Promise.all(
      methods.map(({ parent, name }) =>
        // the beginning of what connect-query makes; pages and single answers alike
        queries.invalidateQueries({
          queryKey: ['connect-query', { serviceName: parent.typeName, methodName: name }],
        }),
      ),
    );
}
