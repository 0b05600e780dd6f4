import { useQuery } from '@connectrpc/connect-query';
import { TacheService, type ChangementTache, type Tache } from '../../gen/proto/activites/activites_pb.ts';
import { useAuthorName, useUserNames } from '../clients.ts';
import { instant, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { dayOf } from '../paris-day.ts';
import { Failure } from '../ui/failure.tsx';
import { ReadDialog } from '../ui/read-dialog.tsx';
import { Waiting } from '../ui/waiting.tsx';

/** Who changed what of a task. */
export function TaskHistory({ tache, close }: { tache: Tache; close: () => void }) {
  const m = useMessages();
  const { data, error, isPending, refetch } = useQuery(TacheService.method.listChangements, {
    ...{ tacheId: tache.id, pageSize: 200 },
  });
  const changes = data?.changements ?? [];
  const users = useUserNames(
    changes.flatMap(({ champ, avant, apres }) => (champ === 'assigneA' ? [avant, apres] : [])),
  );
  return (
    <ReadDialog title={tache.titre} close={close}>
      <p className="quiet">{tache.createdAt && m.taches.creee(instant(tache.createdAt))}</p>
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : isPending ? (
        <Waiting lines={3} />
      ) : changes.length === 0 ? (
        <p className="empty">{m.taches.inchangee}</p>
      ) : (
        <ul className="rows">
          {changes.map((change) => (
            <Change key={change.id} change={change} users={users} />
          ))}
        </ul>
      )}
    </ReadDialog>
  );
}

function Change({ change, users }: { change: ChangementTache; users: ReadonlyMap<string, string> }) {
  const m = useMessages();
  const { champ, avant, apres, note, auteur, createdAt } = change;
  const name = useAuthorName(auteur.startsWith('service:') ? '' : auteur);
  const value = (text: string): string => {
    if (!text) return m.taches.rien;
    if (champ === 'echeance') return shortDay(dayOf(new Date(text)));
    if (champ === 'assigneA') return users.get(text) ?? text;
    return m.taches.statuts[text] ?? text;
  };
  return (
    <li>
      <p className="what">{m.taches.champs[champ] ?? champ}</p>
      <p className="text">{champ === 'description' ? value(apres) : `${value(avant)} → ${value(apres)}`}</p>
      {note && <p className="text quiet">{note}</p>}
      <p className="quiet">
        {createdAt && instant(createdAt)} · {name || m.historique.automatique}
      </p>
    </li>
  );
}
