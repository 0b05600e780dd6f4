import {
  addDays,
  afterUsualTerm,
  formatEuros,
  readAmount,
  readDate,
  readReference,
  readSiren,
  readText,
  todayInParis,
  type Cell,
  type LineReader,
} from '@crm/domain';
import { TotalTva } from '@crm/proto/factures/factures';
import type { Key } from './columns.ts';

/** A later due date is a mistyped year. */
const MOST_TERM_DAYS = 731;

/** How the file names the client of an invoice. */
export type Named = { key: Key; text: string };

/** An open invoice of a file. */
export type Imported = {
  numero: string;
  named: Named[];
  clientId: string;
  dateFacture: string;
  dateEcheance: string;
  montant: bigint;
  montantRegleAvant: bigint;
  montantHt: bigint;
  montantTva: bigint;
  tva: TotalTva[];
  objet: string;
  numeroCommande: string;
};
/** Reads an open invoice. What has a fault is empty or zero. */
export function readInvoice(reader: LineReader<Key>): Imported | { sansObjet: string } {
  const text = (key: Key, most: number): string => {
    const value = reader.read(key, readText) ?? '';
    if (value.length > most) reader.fault(key);
    return value;
  };
  const numero = reader.need('numero', readReference) ?? '';
  if (numero.length > 30) reader.fault('numero');
  const dateFacture = reader.need('dateFacture', readDate) ?? '';
  const dateEcheance = reader.read('dateEcheance', readDate) ?? (dateFacture && afterUsualTerm(dateFacture));
  if (dateFacture > todayInParis())
    reader.fault('dateFacture', 'dans le futur : une facture ouverte est déjà émise');
  if (dateFacture && dateEcheance && dateEcheance < dateFacture)
    reader.fault(
      'dateEcheance',
      'avant la date de la facture : vérifiez le jour, le mois et l’année des deux',
    );
  if (dateFacture && dateEcheance > addDays(dateFacture, MOST_TERM_DAYS))
    reader.fault('dateEcheance', 'plus de deux ans après la facture : vérifiez l’année');
  const named = readNames(reader);
  const devise = reader.cell('devise');
  if (devise && !/^(€|eur(os?)?)$/i.test(devise)) reader.fault('devise');
  const objet = text('objet', 300) || 'Reprise';
  const numeroCommande = text('commande', 100);
  const nothing = readState(reader);
  if (nothing) return { sansObjet: nothing };
  const amounts = readAmounts(reader);
  if (reader.faults.length === 0 && amounts.montantRegleAvant === amounts.montant)
    return { sansObjet: 'soldée : rien à relancer, non reprise' };
  if (PAID.test(withoutAccents(reader.cell('statut'))))
    reader.fault('statut', 'et les montants disent qu’il reste à payer : lequel est vrai ?');
  return { numero, named, clientId: '', dateFacture, dateEcheance, ...amounts, objet, numeroCommande };
}

/** What a line is if it is no invoice that is owed. What could hide a payment is a fault. Empty: an invoice. */
function readState(reader: LineReader<Key>): string {
  const isSaid = Boolean(reader.cell('restant') || reader.cell('regle'));
  const amountOf = (key: Key) => valueOf(readAmount(reader.cell(key)));
  if ((amountOf('montant') ?? 0n) < 0n && amountOf('restant') === 0n) return 'avoir soldé, non repris';
  const type = withoutAccents(reader.cell('type'));
  const statut = withoutAccents(reader.cell('statut'));
  const not = [type, statut].find((word) => NO_INVOICE.test(word));
  if (not) return `${not} : pas une facture due, non reprise`;
  if (CREDIT_OR_PAYMENT.test(type))
    reader.fault('type', 'ni avoir ni règlement ne se reprend : ôtez-le du restant dû de sa facture');
  if (!statut || isSaid) return '';
  if (PAID.test(statut)) return `${reader.cell('statut')} : rien à relancer, non reprise`;
  if (!OPEN.test(statut))
    reader.fault('statut', 'reste-t-il quelque chose à payer ? ajoutez une colonne « Restant dû »');
  return '';
}

const valueOf = <T>(cell: Cell<T>): T | undefined => ('value' in cell ? cell.value : undefined);

const NO_INVOICE = /^(annule|brouillon|pro ?-?forma|devis|commande|bon de|bl$|draft|cancel)/;
const CREDIT_OR_PAYMENT =
  /^(avoir|av$|note de credit|facture d.avoir|remboursement|credit|reglement|rg$|paiement|virement|cheque|prelevement|encaissement)/;
/** A part that is paid is not said by the word. */
const PAID = /^(paye|regle|solde|acquitte|encaisse|lettre|oui$|paid$)(?!.*\bpart)/;
const OPEN =
  /^(a (payer|regler|encaisser)|non |pas |impaye|ouvert|emis|envoye|valide|comptabilise|transmis|factur|finalis|definitif|echu|en (retard|attente|cours)|due?s?$|relance|non$|0$|unpaid|open|late|sent|overdue)/;

const withoutAccents = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const NAMES = [
  ['reference', readReference],
  ['siren', readSiren],
  ['siret', readSiren],
  ['email', readText],
  ['client', readText],
] as const;

/** What the line says of the client: the surest first. */
function readNames(reader: LineReader<Key>): Named[] {
  const named: Named[] = [];
  for (const [key, read] of NAMES) {
    const text = reader.read(key, read);
    if (text) named.push({ key, text: text.toLowerCase() });
  }
  const columns = NAMES.filter(([key]) => reader.has(key));
  if (columns.every(([key]) => !reader.cell(key)))
    reader.fault(columns[0]![0], 'vide : il faut dire de quel client');
  return named;
}

/** Total, what was paid of it, and its parts where the file has them. */
function readAmounts(reader: LineReader<Key>) {
  const montant = reader.need('montant', readAmount);
  const restant = reader.read('restant', readAmount);
  const regle = reader.read('regle', readAmount);
  if (reader.has('restant') && !reader.cell('restant') && !reader.cell('regle'))
    reader.fault('restant', 'vide : écrivez ce qui reste dû, 0 si rien, ou ôtez la colonne si tout l’est');
  if (montant === undefined) return { montant: 0n, montantRegleAvant: 0n, ...readVat(reader, undefined) };
  if (montant < 0n)
    reader.fault('montant', 'négatif : un avoir ne se reprend pas ; ôtez-le du restant dû de sa facture');
  else if (montant === 0n) reader.fault('montant', 'zéro : il faut le total TTC de la facture');
  if (restant !== undefined && restant < 0n)
    reader.fault('restant', 'négatif : un trop-perçu ne se relance pas ; ôtez la ligne');
  else if (restant !== undefined && montant > 0n && restant > montant)
    reader.fault('restant', `plus que le total, ${formatEuros(montant)}`);
  if (regle !== undefined && (regle < 0n || regle > montant))
    reader.fault('regle', `doit être entre 0 et le total, ${formatEuros(montant)}`);
  if (restant !== undefined && regle !== undefined && restant + regle !== montant)
    reader.fault(
      'restant',
      `avec ce qui est réglé, ${formatEuros(regle)}, il doit faire le total : ${formatEuros(montant - regle)}`,
    );
  return {
    montant,
    montantRegleAvant: restant === undefined ? (regle ?? 0n) : montant - restant,
    ...readVat(reader, montant),
  };
}

/** The French rates of VAT in hundredths of a percent (CGI art. 278 to 281 octies). */
const RATES = [2000n, 1000n, 550n, 210n, 0n];
/** Amounts are rounded to the cent, by line or in all. */
const ROUNDED = 5n;

/** Whether the VAT is that of a rate. */
function isNear(rate: bigint, ht: bigint, tva: bigint): boolean {
  const difference = ht * rate - tva * 10_000n;
  return (difference < 0n ? -difference : difference) <= ROUNDED * 10_000n;
}

/** The VAT of an invoice, as one rate; unknown if the file has neither the amount without it nor the VAT itself. */
function readVat(
  reader: LineReader<Key>,
  montant: bigint | undefined,
): Pick<Imported, 'montantHt' | 'montantTva' | 'tva'> {
  const ht = reader.read('montantHt', readAmount);
  const told = reader.read('montantTva', readAmount);
  if (montant === undefined) return { montantHt: 0n, montantTva: 0n, tva: [] };
  // 20,00 is a rate, if it is not that part of the amount
  if (
    told !== undefined &&
    ht === undefined &&
    RATES.includes(told) &&
    told > 0n &&
    !RATES.some((rate) => rate > 0n && isNear(rate, montant - told, told))
  )
    reader.fault('montantTva', 'un taux ? écrivez le montant de la TVA, ou ôtez la colonne');
  const isKnown = ht ? true : told !== undefined && told > 0n;
  if (!isKnown) return { montantHt: montant, montantTva: 0n, tva: [] };
  const montantTva = told ?? montant - ht!;
  const montantHt = ht ? ht : montant - montantTva;
  if (montantHt + montantTva !== montant || montantTva < 0n)
    reader.fault('montant', `HT et TVA doivent faire le total : ${formatEuros(montantHt + montantTva)}`);
  const exact = montantHt > 0n ? (montantTva * 10_000n + montantHt / 2n) / montantHt : 0n;
  const tauxPointsBase = Number(RATES.find((rate) => isNear(rate, montantHt, montantTva)) ?? exact);
  return {
    montantHt,
    montantTva,
    tva: [TotalTva.fromPartial({ tauxPointsBase, baseHt: montantHt, montant: montantTva })],
  };
}
