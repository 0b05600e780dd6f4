import { addDays, todayInParis } from '@crm/domain';
import { ChiffresServiceService, GroupeBalance, type LigneBalance } from '@crm/proto/dashboard/chiffres';
import { ImportServiceService as InvoiceImports } from '@crm/proto/factures/imports';
import { ground } from '../support/ground.ts';
import { sharedStack } from '../support/stack.ts';

/** `FIGURES_HISTORIES=500 npm test -- test/e2e/figures-histories` plays as many as the claim says. */
const HISTORIES = Number(process.env.FIGURES_HISTORIES ?? 30);
const SEED = Number(process.env.FIGURES_SEED ?? 17);
const AT_ONCE = 6;
const PER_PAGE = 200;
const TODAY = todayInParis();

const stack = sharedStack();
const { services, prepareClient } = ground(stack);
const figures = stack.client('dashboard', ChiffresServiceService);
const imports = stack.client('factures', InvoiceImports);
afterAll(() => stack.close());

/** Mulberry32: the same numbers for the same seed. */
function random(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const upTo = (most: number) => Math.floor(next() * (most + 1));
  return {
    upTo,
    ago: (most: number) => addDays(TODAY, -upTo(most)),
    between: (a: number, b: number) => a + upTo(b - a),
  };
}

/** What the model knows of an invoice. */
type Told = {
  id: string;
  montant: bigint;
  dateFacture: string;
  dateEcheance: string;
  /** What is less owed from a day on. */
  less: { jour: string; montant: bigint }[];
  paidOn: string;
};

const owed = ({ montant, dateFacture, less, paidOn }: Told, au: string): bigint => {
  if (dateFacture > au || (paidOn && paidOn <= au)) return 0n;
  const left = less.filter(({ jour }) => jour <= au).reduce((sum, part) => sum - part.montant, montant);
  return left > 0n ? left : 0n;
};

/** Something happens to an invoice, by the RPCs that people, banks and workers use; the model is told what it means. */
async function happen(
  told: Told,
  whose: { organisationId: string; clientId: string },
  chance: ReturnType<typeof random>,
) {
  const { id: invoiceId } = told;
  const invoice = await services.factures.get({ id: invoiceId });
  const kind = chance.upTo(9);
  if (kind <= 5) {
    const montant = BigInt(chance.between(1, Number(told.montant)));
    const { id } = await services.payments.create({ ...whose, invoiceId, montant, accepteDepassement: true });
    const at = (jour: string) => new Date(`${jour}T11:00:00Z`);
    let day = chance.ago(120);
    if (kind === 5) {
      await services.payments.reject({ id, motifRejet: 'AM04', dateRejet: at(day) });
      return;
    }
    await services.payments.confirm({ id, dateReception: at(day) });
    told.less.push({ jour: day, montant });
    if (kind < 3) return;
    // a return that says a day before the collection counts from the collection's day
    const returned = chance.ago(120);
    day = returned > day ? returned : day;
    await services.payments.reject({ id, motifRejet: 'MD06', retourBancaire: true, dateRejet: at(returned) });
    told.less.push({ jour: day, montant: -montant });
    if (kind < 4) return;
    await services.payments.replanifier({ id, tentative: 2, datePrevue: addDays(TODAY, 1) });
    const again = chance.ago(60);
    await services.payments.confirm({ id, dateReception: at(again) });
    told.less.push({ jour: again > day ? again : day, montant });
  } else if (kind <= 7) {
    const left = invoice.montant - invoice.montantAvoirs;
    if (left === 0n || invoice.importeeAt) return;
    const montant = BigInt(chance.between(1, Number(left)));
    await services.factures.createCreditNote({ invoiceId, montant, motif: 'Geste' });
    told.less.push({ jour: TODAY, montant });
  } else if (kind === 8) {
    if (invoice.restantDu === 0n || invoice.statut === 'ANNULEE') return;
    const since = chance.ago(90);
    const datePaiement = since > told.dateFacture ? since : told.dateFacture;
    await services.factures.markAsPaid({ id: invoiceId, datePaiement, motif: 'Chèque' });
    told.paidOn = datePaiement;
  } else if (invoice.restantDu > 0n) {
    const dateEcheance = addDays(told.dateFacture, chance.upTo(120));
    await services.factures.update({ id: invoiceId, dateEcheance });
    told.dateEcheance = dateEcheance;
  }
}

async function every(request: Omit<Parameters<typeof figures.getBalanceAgee>[0], 'pageToken'>) {
  const lignes: LigneBalance[] = [];
  let pageToken = '';
  for (;;) {
    const page = await figures.getBalanceAgee({ pageSize: PER_PAGE, ...request, pageToken });
    lignes.push(...page.lignes);
    pageToken = page.nextPageToken;
    if (!pageToken) return { lignes, totaux: page.totaux!, nombreLignes: page.nombreLignes };
  }
}

test(`${HISTORIES} random histories: on any day the balance is what factures and payments say, to the cent`, async () => {
  const chance = random(SEED);
  const first = await prepareClient({ referenceClient: 'C-1' });
  const { organisationId } = first;
  const second = await services.clients.create({ organisationId, nom: 'Zola', gestionnaireId: 'autre' });
  const clientIds = [first.clientId, second.id];
  const imported = Math.ceil(HISTORIES / 5);
  const rows = Array.from({ length: imported }, (_, n) => ({
    ...{ numero: `N-${n}`, dateFacture: chance.ago(150), montant: BigInt(chance.between(100, 50_000)) },
    regle: BigInt(chance.upTo(99)),
  }));
  const euros = (cents: bigint) => `${cents / 100n},${String(cents % 100n).padStart(2, '0')}`;
  const french = (day: string) => day.split('-').reverse().join('/');
  const contenu = Buffer.from(
    [
      'Facture;Code client;Date;Échéance;Montant TTC;Montant réglé',
      ...rows.map(({ numero, dateFacture, montant, regle }) =>
        [
          numero,
          'C-1',
          french(dateFacture),
          french(addDays(dateFacture, 30)),
          euros(montant),
          euros(regle),
        ].join(';'),
      ),
    ].join('\n'),
  );
  for await (const { lignes } of imports.import({ organisationId, contenu, appliquer: true }))
    for (const { sort, fautes } of lignes) expect([sort, fautes]).toEqual(['CREEE', []]);

  const play = async (seed: number): Promise<Told> => {
    const own = random(seed);
    const whose = { organisationId, clientId: clientIds[own.upTo(1)]! };
    let told: Told;
    const row = rows[seed - 1_000];
    if (row) {
      const { invoices } = await services.factures.list({ organisationId, numero: row.numero });
      const { id, montant, dateFacture, dateEcheance, clientId } = invoices[0]!;
      whose.clientId = clientId;
      told = { id, montant, dateFacture, dateEcheance, less: [{ jour: '', montant: row.regle }], paidOn: '' };
    } else {
      const dateFacture = own.ago(150);
      const dateEcheance = addDays(dateFacture, own.upTo(90));
      const montant = BigInt(own.between(100, 50_000));
      const { id } = await services.factures.create({ ...whose, montant, dateFacture, dateEcheance });
      told = { id, montant, dateFacture, dateEcheance, less: [], paidOn: '' };
    }
    for (let steps = own.upTo(6); steps > 0; steps -= 1) await happen(told, whose, own);
    return told;
  };
  const all: Told[] = [];
  for (let at = 0; at < HISTORIES; at += AT_ONCE) {
    const seeds = Array.from({ length: Math.min(AT_ONCE, HISTORIES - at) }, (_, n) => 1_000 + at + n);
    // somebody looks meanwhile: what is half told then must not stay so
    const [told] = await Promise.all([
      Promise.all(seeds.map(play)),
      figures.getBalanceAgee({ organisationId }),
    ]);
    all.push(...told);
  }

  const days = [TODAY, ...Array.from({ length: 11 }, () => chance.ago(160))];
  for (const au of days) {
    const { lignes, totaux, nombreLignes } = await every({
      organisationId,
      au,
      groupe: GroupeBalance.PAR_FACTURE,
    });
    const expected = all.flatMap((told) => (owed(told, au) > 0n ? [[told.id, owed(told, au)]] : []));
    expect([au, new Map(lignes.map(({ id, montants }) => [id, montants!.total]))]).toEqual([
      au,
      new Map(expected as [string, bigint][]),
    ]);
    expect(nombreLignes).toBe(expected.length);
    const late = ({ dateEcheance }: Told) => (Date.parse(au) - Date.parse(dateEcheance)) / 86_400_000;
    const bucket = (from: number, to: number) =>
      all.reduce((sum, told) => (late(told) >= from && late(told) <= to ? sum + owed(told, au) : sum), 0n);
    const buckets = {
      nonEchu: bucket(-Infinity, 0),
      retard130: bucket(1, 30),
      retard3160: bucket(31, 60),
      retard6190: bucket(61, 90),
      retardPlus90: bucket(91, Infinity),
      total: bucket(-Infinity, Infinity),
      nombre: BigInt(expected.length),
    };
    expect([au, totaux]).toEqual([au, buckets]);
    for (const groupe of [
      GroupeBalance.PAR_CLIENT,
      GroupeBalance.PAR_RESPONSABLE,
      GroupeBalance.PAR_SOCIETE,
    ]) {
      const groups = await every({ organisationId, au, groupe, pageSize: 1 });
      expect(groups.totaux).toEqual(totaux);
      expect(groups.lignes.reduce((sum, { montants }) => sum + montants!.total, 0n)).toBe(totaux.total);
    }
  }
  // and today it is what factures itself says, of which payments says what was received
  const { lignes } = await every({ organisationId, groupe: GroupeBalance.PAR_FACTURE });
  const open = new Map(lignes.map(({ id, montants }) => [id, montants!.total]));
  for (const { id } of all) {
    const { restantDu } = await services.factures.get({ id });
    expect([id, open.get(id) ?? 0n]).toEqual([id, restantDu]);
  }
  // the months add up to what happened
  const { points } = await figures.getActivite({ organisationId, du: addDays(TODAY, -200), au: TODAY });
  const sum = (key: 'facture' | 'encaisse' | 'retours' | 'avoirs') =>
    points.reduce((total, point) => total + point[key], 0n);
  expect(sum('facture')).toBe(all.reduce((total, { montant }) => total + montant, 0n));
  const [received] = await stack.sql<{ montant: string }>(
    `SELECT coalesce(sum(montant), 0)::text AS montant FROM payments.payments WHERE organisation_id = $1 AND statut = 'ENCAISSE'`,
    organisationId,
  );
  expect(sum('encaisse') - sum('retours')).toBe(BigInt(received!.montant));
  const dso = await figures.getDso({ organisationId });
  expect(dso.points).toHaveLength(12);
  expect(dso.points.at(-1)).toMatchObject({
    au: TODAY,
    encours: [...open.values()].reduce((a, b) => a + b, 0n),
  });
  const { semaines, encours } = await figures.getEncaissementsPrevus({ organisationId });
  expect(semaines).toHaveLength(8);
  expect(encours).toBe(dso.points.at(-1)!.encours);
  for (const { bas, attendu, haut } of semaines) expect(bas <= attendu && attendu <= haut).toBe(true);
  const { motifs } = await figures.getRejets({ organisationId });
  expect(['AM04', 'MD06']).toEqual(expect.arrayContaining(motifs.map(({ motifRejet }) => motifRejet)));
  const { tentatives } = await figures.getRendements({ organisationId });
  expect([1, 2]).toEqual(expect.arrayContaining(tentatives.map(({ tentative }) => tentative)));
}, 600_000);
