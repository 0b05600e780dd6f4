import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';
import { Icon } from './icon.tsx';

type Props = {
  label: string;
  options: { id: string; nom: string }[];
  chosen: string;
  choose: (id: string) => void;
};

/** One of some. */
export function Choice({ label, options, chosen, choose }: Props) {
  return (
    <Select className="field" selectedKey={chosen} onSelectionChange={(key) => choose(String(key ?? ''))}>
      <Label>{label}</Label>
      <Button className="input select">
        <SelectValue />
        <Icon name="down" />
      </Button>
      <Popover className="popover">
        <ListBox className="list" items={options}>
          {({ id, nom }) => (
            <ListBoxItem id={id} textValue={nom}>
              {nom}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
