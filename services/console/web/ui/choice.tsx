import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
} from 'react-aria-components';
import { Fault } from './fault.tsx';
import { Icon } from './icon.tsx';

type Props = {
  label: string;
  options: { id: string; nom: string }[];
  /** The chosen one, if the page keeps it. */
  chosen?: string;
  choose?: (id: string) => void;
  /** In a form: the field of the request, and what is chosen at first. */
  name?: string;
  first?: string;
  help?: string;
  isRequired?: boolean;
};

/** One of some. */
export function Choice({ label, options, chosen, choose, name, first, help, isRequired = false }: Props) {
  return (
    <Select
      className="field"
      isRequired={isRequired}
      {...(name && { name })}
      {...(chosen !== undefined && { selectedKey: chosen })}
      {...(first !== undefined && { defaultSelectedKey: first })}
      onSelectionChange={(key) => choose?.(String(key ?? ''))}
    >
      <Label>{label}</Label>
      <Button className="input select">
        <SelectValue />
        <Icon name="down" />
      </Button>
      {help && (
        <Text slot="description" className="quiet">
          {help}
        </Text>
      )}
      <Fault />
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
