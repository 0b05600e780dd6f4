import { BaseRelance, CanalRelance, NiveauRelance } from '@crm/proto/relance/relance';
import { ground } from '../support/ground.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const { relances } = ground(stack).services;
/** `AGENDA_INVOICES=20000` measures what docs/adr/0043 says. */
const INVOICES = Number(process.env.AGENDA_INVOICES ?? 600);
const CLIENTS = INVOICES / 10;

const org = unique('org');

afterAll(async () => {
  // nobody carries them out: they would look stranded
  await stack.sql(`DELETE FROM relance.relances WHERE organisation_id = $1`, org);
  await stack.close();
});

const level = (niveau: number): object =>
  NiveauRelance.toJSON(
    NiveauRelance.fromPartial({
      ...{ niveau, base: BaseRelance.DATE_FACTURE, delai: `P${niveau * 15}D`, modele: 'rappel' },
      ...{ ouverture: '09:00', fermeture: '19:00', espacement: 'PT24H', canal: CanalRelance.COURRIEL },
      dueAt: new Date('2000-01-01'),
    }),
  ) as object;

/** Clients with ten open invoices each, and reminders that were planned already. */
async function fill(): Promise<void> {
  await stack.sql(
    `INSERT INTO clients.clients (id, organisation_id, nom, prenom, email, telephone, type, gestionnaire_id, updated_at)
     SELECT $1 || '-c' || n, $1, 'Martin', 'Client ' || n, 'c' || n || '@exemple.test', '', 'PARTICULIER',
       $1 || '-g' || n % 5, now() FROM generate_series(1, $2::int) n`,
    org,
    CLIENTS,
  );
  await stack.sql(
    `INSERT INTO factures.factures (id, organisation_id, numero, client_id, contrat_id, objet, lignes, tva, montant_ht,
       montant_tva, montant, statut, date_facture, date_echeance, updated_at)
     SELECT $1 || '-f' || n, $1, 'F-' || n, $1 || '-c' || 1 + n % $3::int, '', '', '[]', '[]', 100 * n, 0, 100 * n,
       'EMISE', current_date::text, (current_date + 30)::text, now() FROM generate_series(1, $2::int) n`,
    org,
    INVOICES,
    CLIENTS,
  );
  // each level is due fifteen days after the one before, the first ones over two months
  await stack.sql(
    `INSERT INTO relance.relances (id, organisation_id, invoice_id, client_id, statut, niveaux, prochaine_at,
       prochain_niveau, updated_at)
     SELECT $1 || '-r' || n, $1, $1 || '-f' || n, $1 || '-c' || 1 + n % $3::int, 'EN_ATTENTE',
       (SELECT jsonb_agg(one || jsonb_build_object('dueAt', to_char((date_trunc('day', now()) + interval '10 hours'
          + interval '1 day' * (n % 60 + 15 * (one->>'niveau')::int)) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))
        FROM jsonb_array_elements($4::jsonb) one),
       date_trunc('day', now()) + interval '10 hours' + interval '1 day' * (n % 60 + 15), 1, now()
     FROM generate_series(1, $2::int) n`,
    org,
    INVOICES,
    CLIENTS,
    JSON.stringify([level(1), level(2), level(3)]),
  );
}

const p95 = (times: number[]): number =>
  Math.round(times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)]!);

test('a page of a large agenda costs a page, and all pages together are all of it', async () => {
  await fill();
  const request = { organisationId: org, pageSize: 100 };
  const deadline = { deadlineMs: 600_000 };
  const begun = Date.now();
  await relances.agenda(request, deadline);
  const first = Date.now() - begun;
  const seen = new Set<string>();
  const times: number[] = [];
  let last = 0;
  let pageToken = '';
  do {
    const from = performance.now();
    const page = await relances.agenda({ ...request, pageToken });
    times.push(performance.now() - from);
    for (const { invoiceId, numero, datePrevue } of page.echeances) {
      expect(datePrevue!.getTime()).toBeGreaterThanOrEqual(last);
      last = datePrevue!.getTime();
      seen.add(`${invoiceId}/${numero}`);
    }
    pageToken = page.nextPageToken;
  } while (pageToken && times.length < 100);
  const { jours } = await relances.agendaParJour({ organisationId: org, au: '' });
  const days: number[] = [];
  for (let n = 0; n < 20; n++) {
    const from = performance.now();
    await relances.agendaParJour({ organisationId: org });
    days.push(performance.now() - from);
  }
  const figures = { invoices: INVOICES, first, page95: p95(times), days95: p95(days), pages: times.length };
  if (process.env.AGENDA_INVOICES) console.log(JSON.stringify(figures));
  expect(jours.every(({ nombre }) => nombre > 0)).toBe(true);
  // within the ninety days of an agenda: all first levels, and those of the others that are due by then
  const [{ count }] = (await stack.sql<{ count: string }>(
    `SELECT count(*) FROM relance.previsions WHERE organisation_id = $1
       AND at < (current_date + 91)::timestamp AT TIME ZONE 'Europe/Paris'`,
    org,
  )) as [{ count: string }];
  if (!pageToken) expect(seen.size).toBe(Number(count));
  expect(seen.size).toBeGreaterThanOrEqual(Math.min(INVOICES, 100 * times.length));
  // a client whose reminders change is foreseen again, and nobody else
  await stack.sql(`UPDATE relance.relances SET statut = 'ANNULEE' WHERE id = $1`, `${org}-r1`);
  const noted = await stack.sql<{ client_id: string }>(
    `SELECT DISTINCT client_id FROM relance.a_prevoir WHERE organisation_id = $1`,
    org,
  );
  expect(noted).toHaveLength(1);
  const { echeances } = await relances.agenda({ clientId: noted[0]!.client_id });
  expect(echeances.some(({ invoiceId }) => invoiceId === `${org}-f1`)).toBe(false);
}, 900_000);
