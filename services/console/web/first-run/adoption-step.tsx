import { createClient, type Transport } from '@connectrpc/connect';
import { callUnaryMethod, useTransport } from '@connectrpc/connect-query';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Button } from 'react-aria-components';
import { Link } from '@tanstack/react-router';
import type { EcheanceAgenda } from '../../gen/proto/relance/agenda_pb.ts';
import { RelanceService, StatutRelance } from '../../gen/proto/relance/relance_pb.ts';
import { SimulationService, type BilanSimulation } from '../../gen/proto/relance/simulation_pb.ts';
import { amount, count, instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { daysAfter, today } from '../paris-day.ts';
import { DayBars } from '../rules/day-bars.tsx';
import { Failure } from '../ui/failure.tsx';
import { say } from '../ui/said.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { Waiting } from '../ui/waiting.tsx';

const DAYS = 30;
const LOOK_EVERY_MS = 500;
const MOST_LOOKS = 60;

type Coming = EcheanceAgenda & { id: string };
type Foreseen = { coming: Coming[]; bilan: BilanSimulation; over: number };

/** What would go out if the reminders of imported invoices began now. */
async function foresee(
  transport: Transport,
  organisationId: string,
  au: string,
  signal: AbortSignal,
): Promise<Foreseen> {
  const coming: Coming[] = [];
  let bilan: BilanSimulation | undefined;
  let over = 0;
  const request = { organisationId, aReprendre: true, au };
  for await (const { contenu } of createClient(SimulationService, transport).simulate(request, { signal })) {
    if (contenu.case === 'bilan') bilan = contenu.value;
    if (contenu.case !== 'facture') continue;
    const echeances = contenu.value.prevision?.echeances ?? [];
    // 3: every level lies in the past
    if (contenu.value.prevision?.statut === StatutRelance.ACHEVEE && echeances.length === 0) over += 1;
    for (const one of echeances)
      if (one.datePrevue && !one.motifSaut) coming.push({ ...one, id: String(coming.length) });
  }
  coming.sort((one, other) => Number(one.datePrevue!.seconds - other.datePrevue!.seconds));
  return { coming, bilan: bilan!, over };
}

type Props = { organisationId: string; readAgain: () => Promise<unknown> };

/** The reminders of imported invoices: what would go out is shown, and then they begin. */
export function AdoptionStep({ organisationId, readAgain }: Props) {
  const m = useMessages();
  const words = m.demarrage.reprise;
  const transport = useTransport();
  const queries = useQueryClient();
  const au = daysAfter(today(), DAYS);
  const [seen, setSeen] = useState<[number, number]>([0, 0]);
  const { data, error, refetch } = useQuery({
    queryKey: ['a-reprendre', organisationId, au],
    queryFn: ({ signal }) => foresee(transport, organisationId, au, signal),
  });
  const begin = useMutation({
    async mutationFn() {
      let started = 0;
      for await (const { reprises, total } of createClient(RelanceService, transport).adopter({
        organisationId,
      })) {
        started = reprises;
        setSeen([reprises, total]);
      }
      // the plans are made by the reminders themselves, a moment later
      for (let looks = 0; started > 0 && looks < MOST_LOOKS; looks += 1) {
        const request = { organisationId, pageSize: 1 };
        const { relances } = await callUnaryMethod(transport, RelanceService.method.list, request);
        if (relances.length > 0) break;
        await new Promise((wake) => setTimeout(wake, LOOK_EVERY_MS));
      }
      return started;
    },
    async onSuccess(started) {
      say(words.commencees(started));
      await queries.invalidateQueries({ queryKey: ['a-reprendre', organisationId] });
      await readAgain();
    },
  });
  if (error && !data) return <Failure error={error} retry={refetch} />;
  if (!data) return <Waiting lines={4} />;
  const { coming, bilan, over } = data;
  const invoices = bilan.factures;
  const perDay = new Map(bilan.totaux?.jours.map(({ du, mails }) => [du, mails]));
  const mailsUntil = (day: string) =>
    [...perDay].reduce((sum, [du, mails]) => (du <= day ? sum + mails : sum), 0);
  return (
    <div className="import">
      <p role="status">
        <strong>{words.sansRelances(count(invoices), invoices)}</strong>{' '}
        {invoices > 0 &&
          words.partirait(mailsUntil(today()), mailsUntil(daysAfter(today(), 7)), mailsUntil(au))}{' '}
        {over > 0 && words.tropAnciennes(over)}
      </p>
      {invoices > 0 && (
        <>
          <p className="quiet">{words.aide}</p>
          <DayBars
            label={words.image}
            from={today()}
            to={au}
            write={count}
            rows={[{ name: words.mails, className: 'after', values: perDay }]}
          />
          <ComingTable coming={coming} />
          {begin.isPending && (
            <div className="progress" role="status">
              <label>
                <span>
                  {words.enCours} {count(seen[0])} / {count(seen[1] || invoices)}
                </span>
                <progress value={seen[0]} max={Math.max(1, seen[1])} />
              </label>
            </div>
          )}
          {begin.error && <Failure error={begin.error} />}
          <div className="buttons">
            <Button className="button primary" isPending={begin.isPending} onPress={() => begin.mutate()}>
              {words.commencer(invoices)}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function ComingTable({ coming }: { coming: Coming[] }) {
  const m = useMessages();
  const words = m.demarrage.reprise;
  const columns = useMemo(
    (): Column<Coming>[] => [
      { id: 'quand', title: words.quand, cell: ({ datePrevue }) => instant(datePrevue!), width: 210 },
      {
        id: 'facture',
        title: words.facture,
        cell: ({ invoiceId, invoiceNumero }) => (
          <Link className="link" to="/factures/$id" params={{ id: invoiceId }}>
            {invoiceNumero}
          </Link>
        ),
        width: 150,
      },
      { id: 'client', title: words.client, cell: ({ clientNom }) => clientNom },
      { id: 'quoi', title: words.quoi, cell: ({ libelle }) => libelle, width: 280 },
      {
        id: 'montant',
        title: words.montant,
        cell: ({ montant }) => amount(montant),
        isNumber: true,
        width: 120,
      },
    ],
    [words],
  );
  return (
    <Table
      label={words.table}
      columns={columns}
      rows={coming}
      idOf={({ id }) => id}
      nameOf={({ libelle }) => libelle}
      empty={words.rien}
    />
  );
}
