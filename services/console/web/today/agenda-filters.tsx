import {
  Button,
  Checkbox,
  Input,
  Label,
  TextField,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components';
import { useMessages } from '../messages/use-messages.ts';
import type { TodayChanges, TodaySearch } from './route.ts';
import { Choice } from '../ui/choice.tsx';

type Props = {
  search: TodaySearch;
  change: (changes: TodayChanges) => void;
  /** The kinds that there are. */
  genres: number[];
  /** Account managers, by name. */
  responsables: { id: string; nom: string }[];
};

/** Which entries are shown. They are in the address, so that a view can be kept. */
export function AgendaFilters({ search, change, genres, responsables }: Props) {
  const m = useMessages();
  const { client = '', montant, responsable = '', retenues = false } = search;
  const isFiltered = Boolean(search.genres?.length || client || montant || responsable || retenues);
  return (
    <section className="filters" aria-label={m.aujourdhui.filtres}>
      <ToggleButtonGroup
        className="chips"
        aria-label={m.aujourdhui.genre}
        selectionMode="multiple"
        selectedKeys={(search.genres ?? []).map(String)}
        onSelectionChange={(keys) => change({ genres: [...keys].map(Number).sort() })}
      >
        {genres.map((genre) => (
          <ToggleButton key={genre} id={String(genre)}>
            {m.genres[genre] ?? m.genres[0]}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <div className="fields">
        <TextField className="field" value={client} onChange={(text) => change({ client: text })}>
          <Label>{m.aujourdhui.client}</Label>
          <Input className="input" maxLength={100} />
        </TextField>
        <TextField
          className="field short"
          value={montant === undefined ? '' : String(montant)}
          onChange={(text) => change({ montant: Number(text.replace(',', '.')) || undefined })}
        >
          <Label>{m.aujourdhui.montantMinimum}</Label>
          <Input className="input" inputMode="decimal" type="number" min="0" step="any" />
        </TextField>
        <Choice
          label={m.aujourdhui.responsable}
          options={[{ id: '', nom: m.aujourdhui.tous }, ...responsables]}
          chosen={responsable}
          choose={(id) => change({ responsable: id })}
        />
        <Checkbox
          className="checkbox"
          isSelected={retenues}
          onChange={(isSelected) => change({ retenues: isSelected })}
        >
          <span className="box" aria-hidden="true" />
          {m.aujourdhui.seulementRetenues}
        </Checkbox>
        {isFiltered && (
          <Button
            className="button plain"
            onPress={() =>
              change({ genres: [], client: '', montant: undefined, responsable: '', retenues: false })
            }
          >
            {m.aujourdhui.effacer}
          </Button>
        )}
      </div>
    </section>
  );
}
