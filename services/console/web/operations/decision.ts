import type { Cause } from '../../gen/proto/ops/ops_pb.ts';
import type { Selection } from '../ui/selection.ts';

/** What somebody decides about runs of a cause. */
export type Decision = { kind: 'redrive' | 'skip'; cause: Cause; selection: Selection };
