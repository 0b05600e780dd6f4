import { callUnaryMethod, useQuery, useTransport } from '@connectrpc/connect-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { MandateService, StatutMandat } from '../../gen/proto/payments/payments_pb.ts';
import {
  RetryAdminService,
  StatutRetry,
  StatutTentative,
  type AuditLog,
  type RetryAttempt,
  type RetrySchedule,
} from '../../gen/proto/retry/retry_pb.ts';
import { useAuthorName } from '../clients.ts';
import { amount, instant, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { today } from '../paris-day.ts';
import { Choice } from '../ui/choice.tsx';
import { DateField, ReasonField } from '../ui/fields.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { Lines, Reason, Subject } from './cells.tsx';
import type { Names } from './names.ts';
import { useReadAgain } from './use-read-again.ts';

type Command = 'maintenant' | 'replanifier' | 'annuler' | 'reprendre';
type Props = { schedule: RetrySchedule; names: Names; close: () => void };

/** What people can do with a schedule; the service has the last word. */
function possible({ statut }: RetrySchedule): Command[] {
  if (statut === StatutRetry.PLANIFIE) return ['maintenant', 'replanifier', 'annuler'];
  if (statut === StatutRetry.EN_COURS) return ['annuler'];
  return statut === StatutRetry.ARRETE || statut === StatutRetry.EPUISE ? ['reprendre'] : [];
}

/** The presentations of a rejected debit, who did what, and what can be done. */
export function RetryDialog({ schedule, names, close }: Props) {
  const m = useMessages();
  const words = m.prelevements.representations;
  const [command, setCommand] = useState<Command>();
  if (command)
    return (
      <RetryCommand command={command} schedule={schedule} names={names} close={() => setCommand(undefined)} />
    );
  const { clientId, montant, motifRejet, motifFin, tentatives, tentativeInitiale } = schedule;
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(isOpen) => !isOpen && close()}>
      <Modal className="modal wide">
        <Dialog className="dialog">
          <Heading slot="title">{`${names.client(clientId)} · ${amount(montant)}`}</Heading>
          <p>
            <Subject debit={schedule} names={names} /> · {words.statuts[schedule.statut]}
          </p>
          <p>
            <Reason code={motifRejet} />
          </p>
          {motifFin && <p className="notice">{motifFin}</p>}
          <section aria-label={words.detail}>
            <h3>{words.detail}</h3>
            <ol className="plain-list">
              {tentatives.map((attempt) => (
                <Attempt key={attempt.id} attempt={attempt} number={tentativeInitiale + attempt.numero} />
              ))}
            </ol>
          </section>
          <History scheduleId={schedule.id} />
          <div className="buttons">
            <Button className="button" onPress={close} autoFocus>
              {m.fermer}
            </Button>
            {possible(schedule).map((one) => (
              <Button
                key={one}
                className={one === 'annuler' ? 'button danger' : 'button'}
                onPress={() => setCommand(one)}
              >
                {words.commandes[one].bouton}
              </Button>
            ))}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Attempt({ attempt, number }: { attempt: RetryAttempt; number: number }) {
  const m = useMessages();
  const words = m.prelevements.representations;
  const { statut, datePrevue, soumiseAt, dateCollecte, motifRejet } = attempt;
  const at = soumiseAt ?? datePrevue;
  return (
    <li>
      <Lines
        below={
          <>
            {at && instant(at)}
            {dateCollecte && ` · ${m.prelevements.lignes.collecteDu(shortDay(dateCollecte))}`}
            {motifRejet && (
              <>
                {' · '}
                <Reason code={motifRejet} />
              </>
            )}
          </>
        }
      >
        <strong>{m.prelevements.presentation(number)}</strong>{' '}
        <span className={statut === StatutTentative.REJETEE ? 'mark bad' : 'mark'}>
          {words.tentativeEtats[statut]}
        </span>
      </Lines>
    </li>
  );
}

function History({ scheduleId }: { scheduleId: string }) {
  const m = useMessages();
  const words = m.prelevements.representations;
  const { data, isPending } = useQuery(RetryAdminService.method.listAuditLogs, { scheduleId, pageSize: 50 });
  return (
    <section aria-label={words.historique}>
      <h3>{words.historique}</h3>
      {isPending ? (
        <Waiting lines={2} />
      ) : !data?.logs.length ? (
        <p className="quiet">{words.aucunHistorique}</p>
      ) : (
        <ol className="plain-list">
          {data.logs.map((log) => (
            <Entry key={log.id} log={log} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Entry({ log: { action, auteur, motif, createdAt } }: { log: AuditLog }) {
  const m = useMessages();
  const words = m.prelevements.representations;
  const isAutomatic = auteur.startsWith('service:') || auteur === 'Suivi';
  const name = useAuthorName(isAutomatic ? '' : auteur);
  const who = isAutomatic ? words.automatique : name;
  return (
    <li>
      <Lines below={[createdAt && instant(createdAt), who].filter(Boolean).join(' · ')}>
        {words.actions[action] ?? action}
        {motif && ` : ${motif}`}
      </Lines>
    </li>
  );
}

/** Asks for the reason of a command, says what it will change, and gives it for the version that the person sees. */
function RetryCommand({ command, schedule, names, close }: Props & { command: Command }) {
  const m = useMessages();
  const words = m.prelevements.representations;
  const { bouton, effet, fait } = words.commandes[command];
  const transport = useTransport();
  const readAgain = useReadAgain();
  const { id, version, clientId, organisationId, mandatId } = schedule;
  const { data: mandates } = useQuery(
    MandateService.method.list,
    { clientId, organisationId, statut: StatutMandat.ACTIF, pageSize: 200 },
    { enabled: command === 'reprendre' },
  );
  const others = (mandates?.mandates ?? []).filter((mandate) => mandate.id !== mandatId);
  return (
    <FormDialog
      title={`${bouton} · ${names.client(clientId)}`}
      effect={effet}
      button={bouton}
      done={fait}
      close={close}
      isDanger={command === 'annuler'}
      send={async (values, once) => {
        const common = { id, motif: values.line('motif'), versionAttendue: version };
        const { runNow, replanSchedule, cancelSchedule, resumeWithMandate } = RetryAdminService.method;
        if (command === 'maintenant') return await callUnaryMethod(transport, runNow, common, once(common));
        if (command === 'annuler')
          return await callUnaryMethod(transport, cancelSchedule, common, once(common));
        const dated = { ...common, datePrevue: values.text('datePrevue') };
        if (command === 'replanifier')
          return await callUnaryMethod(transport, replanSchedule, dated, once(dated));
        const resumed = { ...dated, mandatId: values.text('mandatId') };
        return await callUnaryMethod(transport, resumeWithMandate, resumed, once(resumed));
      }}
      readAgain={() => {
        const { listSchedules, getRepartition, listAuditLogs } = RetryAdminService.method;
        return readAgain(listSchedules, getRepartition, listAuditLogs);
      }}
    >
      {command === 'reprendre' &&
        (mandates && others.length === 0 ? (
          <p className="notice">
            <span>
              {words.aucunMandat}{' '}
              <Link className="link" to="/prelevements/mandats">
                {words.nouveauMandat}
              </Link>
            </span>
          </p>
        ) : (
          <Choice
            name="mandatId"
            label={words.mandat}
            isRequired
            options={others.map((mandate) => ({
              id: mandate.id,
              nom: `${mandate.titulaire} · ${mandate.rum} · ${mandate.ibanMasque}`,
            }))}
          />
        ))}
      {command === 'replanifier' && (
        <DateField name="datePrevue" label={words.date} from={today()} isRequired autoFocus />
      )}
      {command === 'reprendre' && (
        <DateField name="datePrevue" label={words.dateFacultative} from={today()} />
      )}
      <ReasonField isRequired autoFocus={command === 'maintenant' || command === 'annuler'} />
    </FormDialog>
  );
}
