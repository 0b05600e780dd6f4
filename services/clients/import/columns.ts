import type { Column } from '@crm/domain';

/** What a file of clients can say. */
export type Key =
  | 'reference'
  | 'raisonSociale'
  | 'nom'
  | 'client'
  | 'prenom'
  | 'email'
  | 'telephone'
  | 'siren'
  | 'siret'
  | 'numeroTva'
  | 'type'
  | 'sansRelance'
  | 'ligne1'
  | 'ligne2'
  | 'codePostal'
  | 'ville'
  | 'pays';

const SHORT = 'un texte de 100 caractères au plus';
const LONG = 'un texte de 200 caractères au plus';

/** The columns of a file of clients. */
export const COLUMNS: Column<Key>[] = [
  {
    key: 'reference',
    names: [
      'référence client',
      'référence',
      'code client',
      'n° client',
      'code',
      'code tiers',
      'tiers',
      'n° compte',
      'compte client',
      'compte tiers',
      'compte',
      'id client',
      'identifiant',
      'matricule',
      'référence externe',
    ],
    attendu: 'un texte de 50 caractères au plus',
    identifies: true,
  },
  {
    key: 'raisonSociale',
    names: [
      'raison sociale',
      'société',
      'entreprise',
      'dénomination',
      'dénomination sociale',
      'nom société',
      'nom entreprise',
    ],
    attendu: LONG,
  },
  // a person or a company: with a SIREN it is a company
  {
    key: 'client',
    names: ['client', 'nom client', 'intitulé', 'intitulé compte', 'nom tiers'],
    attendu: SHORT,
  },
  { key: 'nom', names: ['nom', 'nom contact', 'nom de famille', 'contact', 'interlocuteur'], attendu: SHORT },
  { key: 'prenom', names: ['prénom', 'prénom contact'], attendu: SHORT },
  {
    key: 'email',
    names: [
      'e-mail',
      'email',
      'mail',
      'courriel',
      'mél',
      'adresse e-mail',
      'adresse email',
      'adresse mail',
      'adresse électronique',
      'e-mail facturation',
      'email facturation',
      'e-mail contact',
      'email contact',
    ],
    attendu: 'une seule adresse, nom@domaine.fr',
    identifies: true,
  },
  {
    key: 'telephone',
    names: [
      'téléphone',
      'tél',
      'téléphone fixe',
      'téléphone portable',
      'portable',
      'mobile',
      'n° téléphone',
      'gsm',
    ],
    attendu: 'un numéro de téléphone, 01 23 45 67 89',
    identifies: true,
  },
  { key: 'siren', names: ['siren', 'n° siren'], attendu: 'un SIREN de 9 chiffres', identifies: true },
  { key: 'siret', names: ['siret', 'n° siret'], attendu: 'un SIRET de 14 chiffres', identifies: true },
  {
    key: 'numeroTva',
    names: [
      'n° tva',
      'tva intracommunautaire',
      'n° tva intracommunautaire',
      'tva intra',
      'n° tva intra',
      'identifiant tva',
    ],
    attendu: 'le numéro comme son pays l’écrit, avec la clé et le SIREN de cette ligne : FR44732829320',
  },
  {
    key: 'type',
    names: ['type', 'type client', 'catégorie', 'nature'],
    attendu: 'particulier ou professionnel',
  },
  {
    key: 'sansRelance',
    names: ['sans relance', 'ne pas relancer', 'opposition relance'],
    attendu: 'oui ou non',
  },
  {
    key: 'ligne1',
    names: [
      'adresse',
      'adresse 1',
      'adresse ligne 1',
      'ligne 1',
      'rue',
      'voie',
      'adresse postale',
      'adresse facturation',
    ],
    attendu: LONG,
  },
  {
    key: 'ligne2',
    names: ['complément adresse', 'adresse 2', 'adresse ligne 2', 'ligne 2', 'complément'],
    attendu: LONG,
  },
  {
    key: 'codePostal',
    names: ['code postal', 'cp', 'c.p.', 'code postal facturation'],
    attendu: 'un code postal de 16 caractères au plus',
    identifies: true,
  },
  { key: 'ville', names: ['ville', 'commune', 'localité', 'ville facturation'], attendu: SHORT },
  {
    key: 'pays',
    names: ['pays', 'code pays', 'pays facturation'],
    attendu: 'un pays en français, ou son code : Belgique, BE',
  },
];
