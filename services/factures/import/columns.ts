import type { Column } from '@crm/domain';

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
