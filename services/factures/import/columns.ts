import { headingKey, type Column, type Matched } from '@crm/domain';

/** What a file of open invoices can say. */
export type Key =
  | 'numero'
  | 'dateFacture'
  | 'dateEcheance'
  | 'reference'
  | 'client'
  | 'siren'
  | 'siret'
  | 'email'
  | 'montant'
  | 'montantHt'
  | 'montantTva'
  | 'restant'
  | 'regle'
  | 'statut'
  | 'type'
  | 'objet'
  | 'commande'
  | 'devise';

const DATE = 'une date jj/mm/aaaa';
const AMOUNT = 'un montant en euros, 1234,56';

/** The columns of a file of open invoices. */
export const COLUMNS: Column<Key>[] = [
  {
    key: 'numero',
    names: [
      'n° facture',
      'facture',
      'numéro',
      'n° pièce',
      'pièce',
      'référence facture',
      'n° document',
      'document',
      'référence pièce',
      'invoice number',
    ],
    attendu: 'le numéro de la facture, 30 caractères au plus',
    identifies: true,
  },
  {
    key: 'dateFacture',
    names: [
      'date facture',
      'date facturation',
      'date émission',
      'date pièce',
      'date document',
      'date',
      'émise le',
      'facturée le',
    ],
    attendu: DATE,
    identifies: true,
  },
  {
    key: 'dateEcheance',
    names: [
      'date échéance',
      'échéance',
      'échéance le',
      'échue le',
      'date limite paiement',
      'date limite',
      'date exigibilité',
      'à payer avant',
    ],
    attendu: DATE,
  },
  {
    key: 'reference',
    names: [
      'référence client',
      'code client',
      'n° client',
      'client référence',
      'code tiers',
      'tiers',
      'n° compte',
      'compte client',
      'compte tiers',
      'compte',
      'id client',
    ],
    attendu: 'la référence d’un client de Suivi',
  },
  {
    key: 'client',
    names: [
      'client',
      'nom client',
      'raison sociale',
      'société',
      'entreprise',
      'nom',
      'intitulé',
      'nom tiers',
      'intitulé compte',
    ],
    attendu: 'le nom d’un client de Suivi',
  },
  { key: 'siren', names: ['siren', 'n° siren', 'siren client'], attendu: 'un SIREN de 9 chiffres' },
  { key: 'siret', names: ['siret', 'n° siret', 'siret client'], attendu: 'un SIRET de 14 chiffres' },
  {
    key: 'email',
    names: [
      'e-mail',
      'email',
      'mail',
      'courriel',
      'e-mail client',
      'email client',
      'adresse e-mail',
      'adresse email',
      'adresse mail',
    ],
    attendu: 'l’adresse e-mail d’un client de Suivi',
  },
  {
    key: 'montant',
    names: [
      'montant ttc',
      'total ttc',
      'ttc',
      'montant total',
      'montant facture',
      'montant total ttc',
      'total facture',
      'montant',
      'total',
      'montant facturé',
      'net à payer',
    ],
    attendu: AMOUNT,
  },
  { key: 'montantHt', names: ['montant ht', 'total ht', 'ht'], attendu: AMOUNT },
  { key: 'montantTva', names: ['montant tva', 'total tva', 'tva'], attendu: AMOUNT },
  {
    key: 'restant',
    names: [
      'restant dû',
      'reste dû',
      'reste à payer',
      'restant à payer',
      'reste à régler',
      'solde',
      'solde dû',
      'solde restant',
      'montant restant',
      'montant dû',
      'restant',
      'reste',
      'encours',
      'impayé',
      'montant impayé',
      'solde facture',
      'restant dû ttc',
      'reste dû ttc',
      'reste à payer ttc',
      'restant à payer ttc',
      'reste à régler ttc',
      'restant à régler',
      'reste à encaisser',
      'montant restant dû',
      'montant dû ttc',
      'montant restant à payer',
      'solde ttc',
      'solde à payer',
      'solde à régler',
      'montant ouvert',
      'dû',
    ],
    attendu: AMOUNT,
  },
  {
    key: 'regle',
    names: [
      'montant réglé',
      'réglé',
      'déjà réglé',
      'montant payé',
      'payé',
      'déjà payé',
      'total réglé',
      'règlements',
      'règlement',
      'acompte',
      'acomptes',
      'encaissé',
      'montant encaissé',
    ],
    attendu: AMOUNT,
  },
  {
    key: 'statut',
    names: [
      'statut',
      'état',
      'statut facture',
      'état facture',
      'statut paiement',
      'état paiement',
      'statut règlement',
      'état règlement',
      'payée',
      'réglée',
      'soldée',
    ],
    attendu: 'à payer, payée, annulée ou brouillon',
  },
  {
    key: 'type',
    names: ['type', 'type document', 'type pièce', 'type facture', 'nature', 'nature pièce'],
    attendu: 'facture',
  },
  {
    key: 'objet',
    names: ['objet', 'libellé', 'désignation', 'description'],
    attendu: 'un texte de 300 caractères au plus',
  },
  {
    key: 'commande',
    names: ['n° commande', 'commande', 'bon commande', 'référence commande'],
    attendu: 'un texte de 100 caractères au plus',
  },
  { key: 'devise', names: ['devise', 'monnaie'], attendu: 'EUR : Suivi ne tient que des euros' },
];

/** Words of headings that say what was paid or is left. */
const SAYS_WHAT_IS_LEFT =
  /\b(reste|restants?|soldes?|exigible|impayes?|regle(e|s|es)?|reglements|paye(e|s|es)?|acomptes?|encaissee?s?|lettr(e|age))\b/;
/** A running balance of the client says nothing of an invoice. */
const RUNNING = /progressi|cumul/;
const SAYS_WHEN_PAID =
  /^(?!.*\b(echeance|limite|prevue?)\b).*\bdate\b.*\b(reglement|paiement|encaissement)\b/;
const NET = headingKey('net à payer');
/** Each may be without VAT beside another one. */
const BARE = ['montant', 'total'].map(headingKey);

/** Headings by which the amounts of every line could be wrong. */
export function doubts({ places, ignored }: Pick<Matched<Key>, 'places' | 'ignored'>): string[] {
  const told: string[] = [];
  const total = places.get('montant')!.name;
  const isBare = BARE.includes(headingKey(total));
  const beside = ignored.find((heading) => BARE.includes(headingKey(heading)));
  if (isBare && (beside || (places.has('montantTva') && !places.has('montantHt'))))
    told.push(
      `« ${total} »${beside ? ` et « ${beside} »` : ''} : avec ou sans TVA ? renommez les colonnes « Montant TTC » et « Montant HT »`,
    );
  if (headingKey(total) === NET && places.has('regle'))
    told.push(
      `« ${total} » peut être le total ou ce qui reste après « ${places.get('regle')!.name} » : renommez la colonne « Montant TTC », ou « Restant dû » à côté du total`,
    );
  if (places.has('restant') || places.has('regle')) return told;
  for (const heading of ignored) {
    const key = headingKey(heading);
    if (key === NET || (SAYS_WHAT_IS_LEFT.test(key) && !RUNNING.test(key)) || SAYS_WHEN_PAID.test(key))
      told.push(
        `« ${heading} » dit peut-être ce qui est payé : renommez la colonne « Restant dû » ou « Déjà réglé », ou ôtez-la`,
      );
  }
  return told;
}
