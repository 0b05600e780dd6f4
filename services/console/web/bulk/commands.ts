import type { CallOptions, Transport } from '@connectrpc/connect';
import { callUnaryMethod } from '@connectrpc/connect-query';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CibleSchema, ResultatsCommandes } from '../../gen/proto/commandes/commandes_pb.ts';
import { RelanceService } from '../../gen/proto/relance/relance_pb.ts';
import { RetryAdminService } from '../../gen/proto/retry/retry_pb.ts';

/** Which follow-ups. */
type Kind = 'relances' | 'reessais';

/** What can be done with many, by kind. */
export const COMMANDS = {
  relances: ['pause', 'reprise', 'saut', 'envoi', 'annulation'],
  reessais: ['maintenant', 'deplacer', 'arret'],
} as const;
export type BulkCommand = (typeof COMMANDS)[Kind][number];

/** Until when is asked for, or a day; else nothing but the reason. */
export const DAYS: Partial<Record<BulkCommand, 'optional' | 'required'>> = {
  pause: 'optional',
  deplacer: 'required',
};
export const ENDS: ReadonlySet<BulkCommand> = new Set(['annulation', 'arret']);

/** What a person says: to whom, why, until when or for which day; or only to look what would become of it. */
export type Said = {
  cibles: MessageInitShape<typeof CibleSchema>[];
  motif: string;
  jour: string;
  simulation: boolean;
};

const { pauseMany, resumeMany, skipMany, sendNowMany, cancelMany } = RelanceService.method;
const { runNowMany, replanMany, cancelMany: stopMany } = RetryAdminService.method;

/** Gives a command to many at once: at most 500. */
export function tell(
  transport: Transport,
  command: BulkCommand,
  { jour, ...said }: Said,
  options: CallOptions = {},
): Promise<ResultatsCommandes> {
  switch (command) {
    case 'pause':
      return callUnaryMethod(transport, pauseMany, { ...said, jusquAu: jour }, options);
    case 'reprise':
      return callUnaryMethod(transport, resumeMany, said, options);
    case 'saut':
      return callUnaryMethod(transport, skipMany, said, options);
    case 'envoi':
      return callUnaryMethod(transport, sendNowMany, said, options);
    case 'annulation':
      return callUnaryMethod(transport, cancelMany, said, options);
    case 'maintenant':
      return callUnaryMethod(transport, runNowMany, said, options);
    case 'deplacer':
      return callUnaryMethod(transport, replanMany, { ...said, datePrevue: jour }, options);
    case 'arret':
      return callUnaryMethod(transport, stopMany, said, options);
  }
}
