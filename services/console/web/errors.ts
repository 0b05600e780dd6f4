import { Code, ConnectError } from '@connectrpc/connect';
import { BadRequestSchema, ErrorInfoSchema } from '../gen/proto/google/rpc/status_pb.ts';
import type { Messages } from './messages/fr.ts';

/** An error in words: by its reason if we know it, else as the service says it. */
export function inWords(thrown: unknown, { erreurs }: Messages): { text: string; reference?: string } {
  const error = ConnectError.from(thrown);
  const [info] = error.findDetails(ErrorInfoSchema);
  const known = info && erreurs.raisons[info.reason];
  if (known) return { text: known };
  const [faults] = error.findDetails(BadRequestSchema);
  if (faults) return { text: faults.fieldViolations.map(({ description }) => description).join(' ; ') };
  if (error.code === Code.Unavailable || error.code === Code.DeadlineExceeded)
    return { text: erreurs.indisponible };
  if (error.code === Code.NotFound) return { text: erreurs.introuvable };
  if (error.code === Code.Internal || error.code === Code.Unknown) {
    const reference = error.metadata.get('correlation-id');
    return { text: erreurs.interne, ...(reference && { reference }) };
  }
  return { text: error.rawMessage };
}
