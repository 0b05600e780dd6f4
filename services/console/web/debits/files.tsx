import { useInfiniteQuery } from '@connectrpc/connect-query';
import { createClient } from '@connectrpc/connect';
import { useMemo } from 'react';
import { PaymentService, StatutFichier, type FichierBancaire } from '../../gen/proto/payments/payments_pb.ts';
import { amount, count, instant, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { useOrganisation } from '../shell/organisation.ts';
import { Download } from '../ui/download.tsx';
import { Failure } from '../ui/failure.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { PAGING } from './paging.ts';

export const XML = 'application/xml';

/** The files that went to the bank, with what has become of their debits. */
export function Files() {
  const m = useMessages();
  const { org } = useOrganisation();
  const { data, error, isPending, refetch, ...more } = useInfiniteQuery(
    PaymentService.method.listFichiers,
    { organisationId: org, pageSize: 50, pageToken: '' },
    PAGING,
  );
  const columns = useMemo((): Column<FichierBancaire>[] => {
    const { colonnes, etats, telecharger, telechargerLe } = m.prelevements.fichiers;
    return [
      {
        id: 'collecte',
        title: colonnes.collecte,
        width: 130,
        cell: ({ dateCollecte }) => shortDay(dateCollecte),
      },
      {
        id: 'nombre',
        title: colonnes.nombre,
        width: 120,
        isNumber: true,
        cell: ({ nombre }) => count(nombre),
      },
      { id: 'total', title: colonnes.total, width: 150, isNumber: true, cell: ({ total }) => amount(total) },
      {
        id: 'etat',
        title: colonnes.etat,
        width: 140,
        cell: ({ statut }) => (
          <span className={statut === StatutFichier.FICHIER_ECRIT ? 'mark good' : 'mark warn'}>
            {etats[statut]}
          </span>
        ),
      },
      {
        id: 'devenus',
        title: colonnes.devenus,
        cell: ({ encaisses, rejetes, enAttente }) =>
          [encaisses, rejetes, enAttente].map((one) => count(one)).join(' · '),
      },
      {
        id: 'cree',
        title: colonnes.cree,
        cell: ({ createdAt }) => createdAt && instant(createdAt),
      },
      {
        id: 'fichier',
        title: colonnes.fichier,
        cell: ({ id, nomFichier, statut }) =>
          statut !== StatutFichier.FICHIER_OUVERT && (
            <Download
              isPlain
              label={telecharger}
              describedAs={telechargerLe(nomFichier)}
              name={nomFichier}
              type={XML}
              pieces={(transport) => createClient(PaymentService, transport).downloadFichier({ id })}
            />
          ),
      },
    ];
  }, [m]);
  if (error && !data) return <Failure error={error} retry={refetch} />;
  if (isPending) return <Waiting lines={10} />;
  return (
    <>
      <p className="quiet hint">{m.prelevements.fichiers.aide}</p>
      <Table
        label={m.prelevements.onglets.fichiers}
        columns={columns}
        rows={data.pages.flatMap(({ fichiers }) => fichiers)}
        idOf={({ id }) => id}
        nameOf={({ nomFichier }) => nomFichier}
        more={{ ...more, error }}
        empty={m.prelevements.fichiers.aucun}
      />
    </>
  );
}
