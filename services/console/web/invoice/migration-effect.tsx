import { useQuery } from '@connectrpc/connect-query';
import { RelanceService, type EnvoiPrevu } from '../../gen/proto/relance/relance_pb.ts';
import { instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { Waiting } from '../ui/waiting.tsx';

/** What the rules in force would change for the reminders of an invoice: its levels to come, before and after. */
export function MigrationEffect({ invoiceId }: { invoiceId: string }) {
  const m = useMessages();
  const { data, error, isPending, refetch } = useQuery(
    RelanceService.method.previewMigration,
    { id: invoiceId },
    { staleTime: 0, gcTime: 0 },
  );
  if (error && !data) return <Failure error={error} retry={refetch} />;
  if (isPending) return <Waiting lines={3} />;
  const [migration] = data.migrations;
  if (!migration) return <p className="quiet">{m.passage.rien}</p>;
  const { avant, apres, changee, obstacle, attente } = migration;
  if (obstacle) return <p className="notice">{obstacle}</p>;
  const niveaux = [...new Set([...avant, ...apres].map(({ niveau }) => niveau))].sort(
    (one, other) => one - other,
  );
  const at = (envois: EnvoiPrevu[], wanted: number) => {
    const found = envois.find(({ niveau }) => niveau === wanted);
    if (!found) return m.passage.aucun;
    const what = m.relances.modeles[found.modele] ?? m.relances.canaux[found.canal] ?? found.modele;
    return `${what}, ${found.datePrevue ? instant(found.datePrevue) : m.passage.sansDate}`;
  };
  return (
    <>
      {!changee && <p className="notice">{m.passage.rienNeChange}</p>}
      {attente && <p className="quiet">{m.passage.retenues(attente)}</p>}
      <table className="compare">
        <thead>
          <tr>
            <th scope="col">{m.passage.niveau}</th>
            <th scope="col">{m.passage.avant}</th>
            <th scope="col">{m.passage.apres}</th>
          </tr>
        </thead>
        <tbody>
          {niveaux.map((niveau) => {
            const [before, after] = [at(avant, niveau), at(apres, niveau)];
            return (
              <tr key={niveau} className={before === after ? '' : 'changed'}>
                <th scope="row">{niveau}</th>
                <td>{before}</td>
                <td>{after}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}
