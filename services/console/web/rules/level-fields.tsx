import { useMessages } from '../messages/use-messages.ts';
import { Choice } from '../ui/choice.tsx';
import { AmountField, CheckField, TextField } from '../ui/fields.tsx';
import { readDelay, readHour, writtenDelay } from './delay.ts';
import type { SentencedLevel } from './rule-sentence.ts';

/** A level that is being edited. */
export type Draft = SentencedLevel & { key: string; niveau: number };

type Props = { draft: Draft; change: (changes: Partial<Draft>) => void; index: number };

const MAIL = 1;
const MOST = 1_000_000_000n;

/** The fields of one level; their names are those of the request, so that faults are shown at them. */
export function LevelFields({ draft, change, index }: Props) {
  const m = useMessages();
  const words = m.regles.champs;
  const of = (field: string) => `niveaux[${index}].${field}`;
  const hours = (field: 'ouverture' | 'fermeture') => (
    <TextField
      name={of(field)}
      label={words[field]}
      first={draft[field]}
      isRequired
      faultOf={(text) => {
        const hour = readHour(text);
        if (!hour) return words.heureInvalide;
        // 00:00 is the end of the day
        const isTooEarly = field === 'fermeture' && hour !== '00:00' && hour <= draft.ouverture;
        return isTooEarly ? words.fermetureInvalide : null;
      }}
      change={(text) => change({ [field]: readHour(text) ?? text })}
    />
  );
  return (
    <div className="level-fields">
      <TextField
        name={of('delai')}
        label={words.delai}
        help={words.delaiAide}
        first={writtenDelay(draft.delai)}
        isRequired
        autoFocus
        faultOf={(text) => (readDelay(text) ? null : words.delaiInvalide)}
        change={(text) => change({ delai: readDelay(text) ?? text })}
      />
      <Choice
        name={of('base')}
        label={words.base}
        options={[
          { id: '1', nom: words.bases[1] },
          { id: '2', nom: words.bases[2] },
        ]}
        chosen={String(draft.base)}
        choose={(base) => change({ base: Number(base) })}
      />
      <Choice
        name={of('canal')}
        label={words.canal}
        options={([1, 2, 3] as const).map((id) => ({ id: String(id), nom: words.canaux[id] }))}
        chosen={String(draft.canal)}
        choose={(canal) => change({ canal: Number(canal), modele: Number(canal) === MAIL ? 'rappel' : '' })}
      />
      {draft.canal === MAIL && (
        <Choice
          name={of('modele')}
          label={words.modele}
          options={Object.entries(words.modeles).map(([id, nom]) => ({ id, nom }))}
          chosen={draft.modele}
          choose={(modele) => change({ modele })}
        />
      )}
      {hours('ouverture')}
      {hours('fermeture')}
      <AmountField
        name={of('montantMinimum')}
        label={words.montantMinimum}
        help={words.montantMinimumAide}
        {...(draft.montantMinimum > 0 && { first: BigInt(draft.montantMinimum) })}
        most={MOST}
        change={(cents) => change({ montantMinimum: Number(cents ?? 0n) })}
      />
      <TextField
        name={of('espacement')}
        label={words.espacement}
        help={words.espacementAide}
        first={writtenDelay(draft.espacement)}
        isRequired
        faultOf={(text) => (readDelay(text) ? null : words.delaiInvalide)}
        change={(text) => change({ espacement: readDelay(text) ?? text })}
      />
      <CheckField
        name={of('tousLesJours')}
        label={words.tousLesJours}
        first={draft.tousLesJours}
        change={(tousLesJours) => change({ tousLesJours })}
      />
      <CheckField
        name={of('malgrePrelevement')}
        label={words.malgrePrelevement}
        first={draft.malgrePrelevement}
        change={(malgrePrelevement) => change({ malgrePrelevement })}
      />
    </div>
  );
}
