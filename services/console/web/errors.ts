import { Code, ConnectError } from '@connectrpc/connect';
import { BadRequestSchema, ErrorInfoSchema } from '../gen/proto/google/rpc/status_pb.ts';
import type { Messages } from './messages/fr.ts';

/** An error in words: by its reason if we know it, else as the service says it. */
export function inWords(thrown: unknown, { erreurs }: Messages): { text: string; reference?: string } {
  const error = ConnectError.from(thrown);
  const [info] = error.findDetails(ErrorInfoSchema);
  // the service says after a colon what has changed, by whom and when
  if (info?.reason === 'VERSION') return { text: erreurs.version(error.rawMessage.replace(/^[^:]*: /, '')) };
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

/** What is wrong with the fields of a form, by their names; `isAllShown`: the answer says nothing more. */
export type FieldFaults = { atFields: Record<string, string[]>; isAllShown: boolean };

/**
 * The faults of an answer, at the fields of a form. A fault of `lignes[2].montant` belongs to the field of this name, else
 * to `montant`, else to `lignes`.
 */
export function fieldFaults(thrown: unknown, names: string[]): FieldFaults {
  const [found] = ConnectError.from(thrown).findDetails(BadRequestSchema);
  const faults = found?.fieldViolations ?? [];
  const atFields: Record<string, string[]> = {};
  let shown = 0;
  for (const { field, description } of faults) {
    const parts = [field, field.split('.').at(-1)!, field.split(/[.[]/)[0]!];
    const name = parts.map(inCamelCase).find((part) => names.includes(part));
    if (!name) continue;
    (atFields[name] ??= []).push(description);
    shown += 1;
  }
  return { atFields, isAllShown: shown > 0 && shown === faults.length };
}

const inCamelCase = (field: string): string =>
  field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
