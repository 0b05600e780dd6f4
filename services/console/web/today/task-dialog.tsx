import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Transport } from '@connectrpc/connect';
import { callUnaryMethod, useTransport } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import { ResultatTache, TacheService, type Tache } from '../../gen/proto/activites/activites_pb.ts';
import { useMessages } from '../messages/use-messages.ts';
import { dayOf, today } from '../paris-day.ts';
import { Choice } from '../ui/choice.tsx';
import { DateField, TextField } from '../ui/fields.tsx';
import type { FormValues } from '../ui/form-values.ts';
import { FormDialog } from '../ui/form-dialog.tsx';
import type { Once } from '../ui/rpc-form.tsx';

/** What is done with a task: its call is noted, it is done, put off, given to somebody, reworded or given up. */
export type TaskDeed = 'appel' | 'faite' | 'deplacer' | 'confier' | 'modifier' | 'abandonner';

const NOTE_MAX = 2_000;
const NOBODY = '-';
const { update, marquerTerminee, marquerAnnulee } = TacheService.method;

type Props = { tache: Tache; deed: TaskDeed; people: { id: string; nom: string }[]; close: () => void };

/** Does something with a task. If somebody else has changed it meanwhile, it is refused, with what has changed. */
export function TaskDialog({ tache, deed, people, close }: Props) {
  const m = useMessages();
  const transport = useTransport();
  const queries = useQueryClient();
  const words = m.taches.gestes[deed];
  const due = tache.echeance && dayOf(timestampDate(tache.echeance));
  return (
    <FormDialog
      title={words.titre}
      effect={
        <>
          <p>
            <strong>{tache.titre}</strong>
          </p>
          <p>{words.effet}</p>
        </>
      }
      button={words.bouton}
      done={words.fait}
      close={close}
      send={(values, once) => send(transport, tache, deed, values, once)}
      readAgain={() => queries.invalidateQueries()}
    >
      {deed === 'appel' && (
        <Choice
          name="resultat"
          label={m.taches.resultat}
          options={m.taches.resultats}
          first={String(ResultatTache.JOINT)}
        />
      )}
      {deed === 'deplacer' && (
        <DateField
          name="echeance"
          label={m.taches.nouveauJour}
          help={m.taches.sansJour}
          {...(due && due >= today() && { first: due })}
          from={today()}
          autoFocus
        />
      )}
      {deed === 'confier' && (
        <Choice
          name="assigneA"
          label={m.taches.aQui}
          options={[{ id: NOBODY, nom: m.taches.personne }, ...people]}
          first={people.some(({ id }) => id === tache.assigneA) ? tache.assigneA : NOBODY}
        />
      )}
      {deed === 'modifier' && (
        <>
          <TextField name="titre" label={m.taches.intitule} first={tache.titre} isRequired autoFocus />
          <TextField
            name="description"
            label={m.taches.description}
            first={tache.description}
            lines={6}
            maxLength={5_000}
          />
        </>
      )}
      <TextField
        name="note"
        label={deed === 'appel' ? m.taches.dit : m.taches.note}
        lines={3}
        maxLength={NOTE_MAX}
        autoFocus={deed === 'abandonner' || deed === 'faite'}
      />
    </FormDialog>
  );
}

function send(
  transport: Transport,
  { id, version }: Tache,
  deed: TaskDeed,
  values: FormValues,
  once: Once,
): Promise<Tache> {
  const said = { id, note: values.text('note'), ...(version > 0 && { versionAttendue: version }) };
  switch (deed) {
    case 'appel': {
      const given = { ...said, resultat: Number(values.text('resultat')) as ResultatTache };
      return callUnaryMethod(transport, marquerTerminee, given, once(given));
    }
    case 'faite':
      return callUnaryMethod(transport, marquerTerminee, said, once(said));
    case 'abandonner':
      return callUnaryMethod(transport, marquerAnnulee, said, once(said));
    case 'deplacer': {
      const day = values.text('echeance');
      // in the morning in Paris, in summer and in winter
      const at = day && { echeance: timestampFromDate(new Date(`${day}T08:00:00Z`)) };
      const given = { ...said, ...(at || { sansEcheance: true }) };
      return callUnaryMethod(transport, update, given, once({ ...said, day }));
    }
    case 'confier': {
      const chosen = values.text('assigneA');
      const given = { ...said, assigneA: chosen === NOBODY ? '' : chosen };
      return callUnaryMethod(transport, update, given, once(given));
    }
    case 'modifier': {
      const given = { ...said, titre: values.line('titre'), description: values.text('description') };
      return callUnaryMethod(transport, update, given, once(given));
    }
  }
}
