import { useQuery } from '@connectrpc/connect-query';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { TacheService, type ChangementTache, type Tache } from '../../gen/proto/activites/activites_pb.ts';
import { useAuthorName, useUserNames } from '../clients.ts';
import { instant, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { dayOf } from '../paris-day.ts';
import { Failure } from '../ui/failure.tsx';
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
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(isOpen) => !isOpen && close()}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{tache.titre}</Heading>
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
          <div className="buttons">
            <Button className="button" onPress={close} autoFocus>
              {m.fermer}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
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
