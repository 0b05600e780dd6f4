import { StatutRelance } from '@crm/proto/relance/relance';
import { sendObstacles } from './send-obstacles.ts';

const NOW = new Date('2026-06-15T10:00:00Z');
const FREE: Parameters<typeof sendObstacles>[0] = {
  row: { statut: StatutRelance.EN_ATTENTE, motifFin: '', pauseJusquAu: '' },
  level: { modele: 'rappel' },
  acte: undefined,
  raison: undefined,
  dateEcheance: '2026-06-01',
  attente: '',
  soonest: NOW,
  now: NOW,
};
const { EN_PAUSE, ANNULEE, ACHEVEE } = StatutRelance;
const saut = { $case: 'saut', value: { motif: 'le client ne souhaite pas de relance' } } as const;

test.each<[Partial<typeof FREE>, ...string[]]>([
  [{}],
  [
    { row: { statut: ANNULEE, motifFin: 'litige', pauseJusquAu: '' }, attente: 'x' },
    'RELANCE_TERMINEE les relances sont terminées : litige',
  ],
  [
    { row: { statut: ACHEVEE, motifFin: '', pauseJusquAu: '' }, level: undefined },
    'RELANCE_TERMINEE les relances sont terminées',
  ],
  [
    { row: { statut: EN_PAUSE, motifFin: '', pauseJusquAu: '2026-07-01' } },
    'RELANCE_EN_PAUSE les relances sont en pause jusqu’au 1er juillet 2026',
  ],
  [
    {
      row: { statut: EN_PAUSE, motifFin: '', pauseJusquAu: '' },
      acte: saut,
      raison: 'CLIENT_SANS_RELANCE',
      attente: 'réponse reçue',
    },
    'RELANCE_EN_PAUSE les relances sont en pause jusqu’à nouvel ordre',
    'RELANCE_RETENUE réponse reçue',
    'CLIENT_SANS_RELANCE le client ne souhaite pas de relance',
  ],
  [{ acte: saut, raison: 'CLIENT_INCONNU' }, 'CLIENT_INCONNU le client ne souhaite pas de relance'],
  [{ acte: { $case: 'solde', value: { motif: 'facture réglée' } } }, 'FACTURE_REGLEE facture réglée'],
  [{ level: { modele: 'mise-en-demeure' } }],
  [
    { level: { modele: 'mise-en-demeure' }, dateEcheance: '2026-06-30' },
    'MISE_EN_DEMEURE pas de mise en demeure avant le 1er juillet 2026 : échéance le 30 juin 2026',
  ],
  [
    { soonest: new Date('2026-06-16T07:00:00Z') },
    'PLUS_TARD pas avant le 16 juin 2026 à 09:00 : heures d’ouverture, jours ouvrés et distance avec la dernière relance du client',
  ],
])('what would stop it: %#', (truth, ...expected) => {
  const told = sendObstacles({ ...FREE, ...truth }).map(({ raison, message }) => `${raison} ${message}`);
  expect(told).toEqual(expected);
});
